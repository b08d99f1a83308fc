package dev.retour.messages;

import freemarker.core.TemplateObject;
import freemarker.template.Template;
import freemarker.template.TemplateModel;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import javax.swing.tree.TreeNode;

/**
 * FreeMarker's own reading of a template, which its API does not show: what a template may do is
 * decided on this, because a second parser would sooner or later read something else. The version
 * of FreeMarker is pinned, and a test fails when another one is built differently.
 */
@SuppressWarnings("deprecation") // the tree's classes are public, and deprecated for just that
final class SyntaxTree {
  private static final Method COUNT = method("getParameterCount");
  private static final Method VALUE = method("getParameterValue", int.class);
  private static final Field TEXT = field("freemarker.core.TextBlock", "text");
  private static final Field CONSTANT = field("freemarker.core.Expression", "constantValue");
  private static final Class<?> BUILT_IN = type("freemarker.core.BuiltIn");
  private static final Class<?> ELEMENT = type("freemarker.core.TemplateElement");
  private static final Class<?> CHECK =
      type(
          "freemarker.core.ThreadInterruptionSupportTemplatePostProcessor$ThreadInterruptionCheck");

  private SyntaxTree() {}

  /**
   * One node: an instruction or an expression.
   *
   * @param kind FreeMarker's name of its class; {@code BuiltIn} for all built-ins
   * @param words the names and operators in it
   * @param parts the expressions and instructions in it
   */
  record Node(String kind, int line, String source, List<String> words, List<Node> parts) {
    boolean is(String other) {
      return kind.equals(other);
    }
  }

  static Node of(Template template) {
    return node(template.getRootTreeNode());
  }

  /** The arrays a template writes its fixed texts from: the same ones in every rendering. */
  static List<char[]> texts(Template template) {
    List<char[]> texts = new ArrayList<>();
    texts(template.getRootTreeNode(), texts);
    return texts;
  }

  private static void texts(TreeNode node, List<char[]> texts) {
    if (TEXT.getDeclaringClass().isInstance(node)) {
      try {
        texts.add((char[]) TEXT.get(node));
      } catch (IllegalAccessException e) {
        throw changed(e);
      }
    }
    for (int i = 0; i < node.getChildCount(); i++) {
      texts(node.getChildAt(i), texts);
    }
  }

  /**
   * Lets the template look before each assignment whether it is to stop, as it already does in
   * loops and macros: text can then double only once between two looks.
   */
  static void stopAtAssignments(Template template) {
    stopAtAssignments((TreeNode) template.getRootTreeNode());
  }

  /**
   * Fixes what a name means wherever it stands in the template: nothing has to look it up in each
   * mail, and no variable of that name can take its place.
   */
  static void fix(Template template, String name, TemplateModel value) {
    fix(template.getRootTreeNode(), name, value);
  }

  private static void fix(TemplateObject object, String name, TemplateModel value) {
    if (object.getClass().getSimpleName().equals("Identifier")
        && object.getCanonicalForm().equals(name)) {
      try {
        CONSTANT.set(object, value);
      } catch (IllegalAccessException e) {
        throw changed(e);
      }
    }
    below(object).forEach(part -> fix(part, name, value));
  }

  private static List<TemplateObject> below(TemplateObject object) {
    List<TemplateObject> parts = new ArrayList<>();
    values(object)
        .forEach(
            value -> {
              if (value instanceof TemplateObject part) {
                parts.add(part);
              }
            });
    if (object instanceof TreeNode element) {
      for (int i = 0; i < element.getChildCount(); i++) {
        parts.add((TemplateObject) element.getChildAt(i));
      }
    }
    return parts;
  }

  private static List<Object> values(TemplateObject object) {
    List<Object> values = new ArrayList<>();
    try {
      int count = (int) COUNT.invoke(object);
      for (int i = 0; i < count; i++) {
        Object value = VALUE.invoke(object, i);
        if (value != null) {
          values.add(value);
        }
      }
      return values;
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw changed(e);
    }
  }

  private static void stopAtAssignments(TreeNode parent) {
    for (int i = parent.getChildCount() - 1; i >= 0; i--) {
      TreeNode child = parent.getChildAt(i);
      stopAtAssignments(child);
      if (child.getClass().getSimpleName().startsWith("Assignment")
          && !parent.getClass().getSimpleName().equals("AssignmentInstruction")) {
        addCheck(parent, i, child);
      }
    }
  }

  private static void addCheck(TreeNode parent, int index, TreeNode before) {
    try {
      Constructor<?> constructor = CHECK.getDeclaredConstructor(ELEMENT);
      constructor.setAccessible(true);
      Method add = ELEMENT.getDeclaredMethod("addChild", int.class, ELEMENT);
      add.setAccessible(true);
      add.invoke(parent, index, constructor.newInstance(before));
    } catch (ReflectiveOperationException e) {
      throw changed(e);
    }
  }

  private static Node node(TemplateObject object) {
    List<String> words = new ArrayList<>();
    values(object).stream()
        .filter(String.class::isInstance)
        .forEach(word -> words.add((String) word));
    List<Node> parts = below(object).stream().map(SyntaxTree::node).toList();
    String kind = BUILT_IN.isInstance(object) ? "BuiltIn" : object.getClass().getSimpleName();
    String source = object instanceof TreeNode ? "" : object.getCanonicalForm();
    return new Node(kind, object.getBeginLine(), source, words, parts);
  }

  private static Method method(String name, Class<?>... types) {
    try {
      Method method = TemplateObject.class.getDeclaredMethod(name, types);
      method.setAccessible(true);
      return method;
    } catch (NoSuchMethodException e) {
      throw changed(e);
    }
  }

  private static Field field(String type, String name) {
    try {
      Field field = type(type).getDeclaredField(name);
      field.setAccessible(true);
      return field;
    } catch (NoSuchFieldException e) {
      throw changed(e);
    }
  }

  private static Class<?> type(String name) {
    try {
      return Class.forName(name);
    } catch (ClassNotFoundException e) {
      throw changed(e);
    }
  }

  private static IllegalStateException changed(ReflectiveOperationException e) {
    return new IllegalStateException(
        "This version of FreeMarker is built differently; templates cannot be checked.", e);
  }
}
