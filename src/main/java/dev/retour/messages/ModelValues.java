package dev.retour.messages;

import freemarker.template.SimpleCollection;
import freemarker.template.SimpleScalar;
import freemarker.template.TemplateCollectionModel;
import freemarker.template.TemplateHashModelEx;
import freemarker.template.TemplateModel;
import freemarker.template.TemplateSequenceModel;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Named values as a template sees them; not a copy, so nobody changes them afterwards. */
record ModelValues(Map<String, TemplateModel> byName) implements TemplateHashModelEx {
  @Override
  public @Nullable TemplateModel get(String key) {
    return byName.get(key);
  }

  @Override
  public boolean isEmpty() {
    return byName.isEmpty();
  }

  @Override
  public int size() {
    return byName.size();
  }

  @Override
  public TemplateCollectionModel keys() {
    List<SimpleScalar> keys = byName.keySet().stream().sorted().map(SimpleScalar::new).toList();
    return new SimpleCollection(keys, TemplateEngine.WRAPPER);
  }

  @Override
  public TemplateCollectionModel values() {
    return new SimpleCollection(byName.values(), TemplateEngine.WRAPPER);
  }

  /** The items of a collection. */
  record Items(List<TemplateModel> items) implements TemplateSequenceModel {
    @Override
    public @Nullable TemplateModel get(int index) {
      return index >= 0 && index < items.size() ? items.get(index) : null;
    }

    @Override
    public int size() {
      return items.size();
    }
  }
}
