package dev.retour.console;

import freemarker.template.Configuration;
import freemarker.template.DefaultObjectWrapper;
import freemarker.template.SimpleHash;
import freemarker.template.SimpleScalar;
import freemarker.template.TemplateModel;
import freemarker.template.TemplateModelException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Shows records to templates as what they are, a set of named values, also package-private ones,
 * and nothing else of them: no method can be called. Each text is made visible on the way.
 */
final class RecordWrapper extends DefaultObjectWrapper {
  RecordWrapper() {
    super(Configuration.VERSION_2_3_34);
    setExposeFields(false);
    setExposureLevel(EXPOSE_NOTHING);
  }

  @Override
  public @Nullable TemplateModel wrap(@Nullable Object value) throws TemplateModelException {
    if (value instanceof String text) {
      return new SimpleScalar(VisibleText.of(text));
    }
    if (value instanceof Enum<?> constant) {
      return new SimpleScalar(constant.name());
    }
    if (value instanceof Record) {
      return new SimpleHash(components(value), this);
    }
    return super.wrap(value);
  }

  private static Map<String, @Nullable Object> components(Object value)
      throws TemplateModelException {
    Map<String, @Nullable Object> named = new HashMap<>();
    for (RecordComponent component : value.getClass().getRecordComponents()) {
      try {
        component.getAccessor().setAccessible(true);
        named.put(component.getName(), component.getAccessor().invoke(value));
      } catch (IllegalAccessException | InvocationTargetException e) {
        throw new TemplateModelException("cannot read " + component, e);
      }
    }
    return named;
  }
}
