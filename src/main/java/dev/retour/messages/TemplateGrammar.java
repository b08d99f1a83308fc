package dev.retour.messages;

import dev.retour.config.FileFault;
import dev.retour.messages.SyntaxTree.Node;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The part of FreeMarker that messages have: nothing that turns data into code, looks outside the
 * data, hides a missing value, runs a regular expression of Java over data, or writes into memory
 * without a limit (spec C3, C11). What is not named here does not exist.
 */
final class TemplateGrammar {
  private static final Set<String> BUILT_INS =
      Set.of(
          // texts
          "blank_to_null cap_first capitalize chop_linebreak cn contains empty_to_null ends_with",
          "ensure_ends_with esc html index_of keep_after keep_after_last keep_before",
          "keep_before_last last_index_of length lines lower_case remove_beginning remove_ending",
          "replace split starts_with string substring trim trim_to_null truncate truncate_c",
          "truncate_w uncap_first upper_case url url_path word_list c xhtml xml markup_string",
          // numbers, points in time, yes and no
          "abs boolean ceiling date date_if_unknown datetime datetime_if_unknown double float",
          "floor int iso iso_local iso_m iso_utc is_infinite is_nan long lower_abc number round",
          "time time_if_unknown upper_abc",
          // lists and what goes with them
          "chunk counter drop_while filter first has_next index is_even_item is_first is_last",
          "is_odd_item item_cycle item_parity item_parity_cap join keys last map max min reverse",
          "seq_contains seq_index_of seq_last_index_of sequence size sort sort_by take_while values",
          // choices and questions
          "default exists has_content if_exists is_boolean is_collection is_date is_date_only",
          "is_datetime is_enumerable is_hash is_indexable is_markup_output is_number is_sequence",
          "is_string is_time switch then");
  private static final Set<String> NAMES = names();
  private static final Set<String> SETTINGS =
      Set.of("boolean_format", "date_format", "datetime_format", "number_format", "time_format");
  private static final Set<String> LAMBDAS = Set.of("drop_while", "filter", "map", "take_while");
  private static final Set<String> FLAGGED =
      Set.of(
          "contains",
          "keep_after",
          "keep_after_last",
          "keep_before",
          "keep_before_last",
          "replace",
          "split");
  private static final int LISTS_DEPTH_MAX = 3;
  private static final int SUM_PARTS_MAX = 12;

  private final String file;
  private final List<FileFault> faults;

  private TemplateGrammar(String file, List<FileFault> faults) {
    this.file = file;
    this.faults = faults;
  }

  private static Set<String> names() {
    Set<String> names = new HashSet<>();
    BUILT_INS.forEach(line -> names.addAll(List.of(line.split(" ", -1))));
    return Set.copyOf(names);
  }

  /** Adds a fault for everything in the template that messages do not have. */
  static void check(String file, Node root, List<FileFault> faults) {
    new TemplateGrammar(file, faults).node(root, 0, false);
  }

  private void node(Node node, int lists, boolean inSum) {
    int depth = lists + (node.is("IteratorBlock") || isLambda(node) ? 1 : 0);
    if (depth > LISTS_DEPTH_MAX && depth > lists) {
      fault(node, "Lists may nest " + LISTS_DEPTH_MAX + " deep, not deeper.");
    }
    boolean sum = isSum(node);
    if (sum && !inSum && parts(node) > SUM_PARTS_MAX) {
      fault(node, "A sum or text may have " + SUM_PARTS_MAX + " parts, not more.");
    }
    instruction(node);
    expression(node);
    node.parts().forEach(part -> node(part, depth, sum));
  }

  private static boolean isSum(Node node) {
    return node.is("AddConcatExpression") || node.is("StringLiteral");
  }

  private static boolean isLambda(Node node) {
    return node.is("BuiltIn") && LAMBDAS.contains(name(node));
  }

  /** How many values a sum, or a text with values in it, puts together. */
  private static int parts(Node node) {
    return isSum(node) || node.is("DollarVariable")
        ? Math.max(1, node.parts().stream().mapToInt(TemplateGrammar::parts).sum())
        : 1;
  }

  private void instruction(Node node) {
    switch (node.kind()) {
      case "AttemptBlock" ->
          fault(node, "[#attempt] would hide that a value is missing; ask with ?? first.");
      case "BlockAssignment" ->
          fault(node, "Output cannot be collected in a variable; write a macro instead.");
      case "PropertySetting" -> {
        String name = node.words().isEmpty() ? "" : node.words().get(0);
        if (!SETTINGS.contains(name)) {
          fault(node, "The setting \"" + name + "\" is not available in messages.");
        }
      }
      case "Assignment" -> doubling(node);
      case "AssignmentInstruction" -> {
        if (node.parts().stream().filter(TemplateGrammar::grows).count() > 1) {
          fault(node, "Write an [#assign] of its own for each sum.");
        }
      }
      case "NoAutoEscBlock",
          "OutputFormatBlock",
          "EscapeBlock",
          "NoEscapeBlock",
          "VisitNode",
          "RecurseNode",
          "FallbackInstruction",
          "TransformBlock" ->
          fault(node, "This instruction (" + node.kind() + ") is not available in messages.");
      default -> {}
    }
  }

  private static boolean grows(Node node) {
    return node.is("AddConcatExpression")
        || (node.is("StringLiteral") && !node.parts().isEmpty())
        || node.parts().stream().anyMatch(TemplateGrammar::grows);
  }

  /** A variable added to itself doubles; ten of these in a row are a thousandfold. */
  private void doubling(Node assignment) {
    boolean adds = assignment.words().contains("+=");
    Set<String> seen = new HashSet<>(adds ? assignment.words() : List.of());
    for (Node part : assignment.parts()) {
      for (String name : summands(part)) {
        if (!seen.add(name)) {
          fault(assignment, "\"" + name + "\" is added to itself; write it where it is shown.");
          return;
        }
      }
    }
  }

  /** The names a sum, or a text with values in it, puts together. */
  private static List<String> summands(Node node) {
    if (isName(node)) {
      return List.of(node.source());
    }
    boolean inner = isSum(node) || node.is("DollarVariable") || node.is("ParentheticalExpression");
    return inner
        ? node.parts().stream().flatMap(part -> summands(part).stream()).toList()
        : List.of();
  }

  private static boolean isName(Node node) {
    return node.is("Identifier") || node.is("Dot") || node.is("DynamicKeyName");
  }

  private void expression(Node node) {
    switch (node.kind()) {
      case "Range" -> fault(node, "Ranges (..) are not available; list a collection instead.");
      case "BuiltinVariable" -> {
        if (!Set.of(".args", ".lang", ".locale").contains(node.source())) {
          fault(node, "\"" + node.source() + "\" is not available in messages.");
        }
      }
      case "BuiltIn" -> {
        if (!NAMES.contains(name(node))) {
          fault(node, "\"?" + name(node) + "\" is not available in messages.");
        }
      }
      case "MethodCall" -> call(node);
      default -> {}
    }
  }

  private void call(Node call) {
    Node callee = call.parts().get(0);
    if (!callee.is("BuiltIn")) {
      return;
    }
    List<Node> arguments = call.parts().subList(1, call.parts().size());
    boolean literal = arguments.stream().allMatch(TemplateGrammar::isLiteral);
    int usual = name(callee).equals("replace") ? 2 : 1;
    if (FLAGGED.contains(name(callee)) && arguments.size() > usual) {
      String flags = arguments.get(usual).source();
      if (!isLiteral(arguments.get(usual)) || flags.contains("r")) {
        fault(call, "?" + name(callee) + " has no regular expressions in messages.");
      }
    }
    if (name(callee).equals("replace")
        && (!literal
            || (arguments.size() > 1
                && arguments.get(1).source().length() > arguments.get(0).source().length()))) {
      fault(call, "?replace takes two fixed texts, the second one not longer than the first.");
    }
    if (name(callee).equals("join") && !literal) {
      fault(call, "?join takes fixed texts.");
    }
  }

  private static boolean isLiteral(Node node) {
    return node.is("StringLiteral") && node.parts().isEmpty();
  }

  private static String name(Node builtIn) {
    return builtIn.words().isEmpty() ? "" : builtIn.words().get(builtIn.words().size() - 1);
  }

  private void fault(Node node, String text) {
    faults.add(new FileFault(file, node.line(), text));
  }
}
