package dev.retour.messages;

import com.fasterxml.jackson.databind.JsonNode;
import freemarker.core.Environment;
import freemarker.template.SimpleDate;
import freemarker.template.SimpleNumber;
import freemarker.template.SimpleScalar;
import freemarker.template.TemplateBooleanModel;
import freemarker.template.TemplateDateModel;
import freemarker.template.TemplateHashModel;
import freemarker.template.TemplateModel;
import freemarker.template.TemplateScalarModel;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a template sees of an event: typed values, no Java objects. Fields that are absent have no
 * value (a template must ask first); collections that are absent are empty (spec C2).
 */
final class EventModel {
  private final EventDefinition definition;
  private final ZoneId timeZone;

  EventModel(EventDefinition definition, ZoneId timeZone) {
    this.definition = definition;
    this.timeZone = timeZone;
  }

  /**
   * The root: {@code ctx}, {@code email}, {@code document}, {@code language}, {@code eventType}.
   */
  Map<String, TemplateModel> root(RenderRequest request, String language) {
    Map<String, TemplateModel> root = new HashMap<>();
    root.put("ctx", ctx(request.ctx()));
    root.put("email", new SimpleScalar(request.recipient()));
    root.put("language", new SimpleScalar(language));
    root.put("eventType", new SimpleScalar(definition.id()));
    root.put("date", new SimpleDate(Date.from(request.date()), TemplateDateModel.DATETIME));
    Document document = request.document();
    if (document != null) {
      Map<String, TemplateModel> values = new HashMap<>();
      values.put("id", new SimpleScalar(document.id()));
      if (document.version() != null) {
        values.put("version", new SimpleScalar(document.version()));
      }
      if (document.attachment() != null) {
        values.put("fileName", new SimpleScalar(document.attachment().fileName()));
      }
      root.put("document", hash(values));
    }
    return root;
  }

  static TemplateHashModel hash(Map<String, TemplateModel> values) {
    return new ModelValues(values);
  }

  private TemplateHashModel ctx(JsonNode ctx) {
    Map<String, TemplateModel> values = fields(definition.shape().fields(), ctx);
    enriched(values, definition.shape().enrichments(), ctx);
    for (CollectionDefinition collection : definition.shape().collections()) {
      List<TemplateModel> items = new ArrayList<>();
      for (JsonNode item : ctx.path(collection.id())) {
        Map<String, TemplateModel> itemValues = fields(collection.fields(), item);
        enriched(itemValues, collection.enrichments(), item);
        items.add(hash(itemValues));
      }
      values.put(collection.id(), new ModelValues.Items(items));
    }
    return hash(values);
  }

  /** There also when nothing was found, so that a template may ask for a field of it. */
  private void enriched(
      Map<String, TemplateModel> values, List<Enrichment> enrichments, JsonNode of) {
    for (Enrichment each : enrichments) {
      values.put(each.id(), hash(fields(each.fields(), of.path(each.id()))));
    }
  }

  private Map<String, TemplateModel> fields(List<FieldDefinition> fields, JsonNode object) {
    Map<String, TemplateModel> values = new HashMap<>();
    for (FieldDefinition field : fields) {
      JsonNode value = object.path(field.id());
      TemplateModel model = value.isMissingNode() || value.isNull() ? null : model(field, value);
      if (model != null) {
        values.put(field.id(), model);
      }
    }
    return values;
  }

  private @Nullable TemplateModel model(FieldDefinition field, JsonNode value) {
    switch (field.type()) {
      case NUMBER:
        return new SimpleNumber(value.decimalValue());
      case INTEGER:
        return new SimpleNumber(value.longValue()); // within PayloadSchema.NUMBER_LIMIT
      case BOOLEAN:
        return value.booleanValue() ? TemplateBooleanModel.TRUE : TemplateBooleanModel.FALSE;
      case DATE:
        return PayloadFormats.date(value.asText())
            .map(date -> Date.from(date.atStartOfDay(timeZone).toInstant()))
            .map(date -> new SimpleDate(date, TemplateDateModel.DATE))
            .orElse(null);
      case DATE_TIME:
        return PayloadFormats.instant(value.asText())
            .map(time -> new SimpleDate(Date.from(time), TemplateDateModel.DATETIME))
            .orElse(null);
      case MONEY:
        return new Money(value.path("amount").decimalValue(), value.path("currency").asText());
      default:
        // A text that is there but empty is treated as absent, so that no gap appears in a mail.
        return text(field, value.asText());
    }
  }

  private @Nullable TemplateModel text(FieldDefinition field, String text) {
    if (text.isEmpty()) {
      return null;
    }
    return field.labels().isEmpty()
        ? new SimpleScalar(text)
        : new Labelled(
            text, field.labels().getOrDefault(text, Map.of("", text)), definition.language().tag());
  }

  /** A value with what people call it: {@code [=ctx.size]} and {@code [=ctx.size.label]}. */
  private record Labelled(String text, Map<String, String> labels, String own)
      implements TemplateScalarModel, TemplateHashModel {
    @Override
    public String getAsString() {
      return text;
    }

    @Override
    public @Nullable TemplateModel get(String key) {
      if (!key.equals("label")) {
        return null;
      }
      Locale locale = Environment.getCurrentEnvironment().getLocale();
      for (String tag : List.of(locale.toLanguageTag(), locale.getLanguage(), own, "")) {
        String label = labels.get(tag.toLowerCase(Locale.ROOT));
        if (label != null) {
          return new SimpleScalar(label);
        }
      }
      return new SimpleScalar(labels.values().iterator().next());
    }

    @Override
    public boolean isEmpty() {
      return false;
    }
  }

  /** An amount: written as is in the format of the language, or taken apart by its two parts. */
  private static final class Money implements TemplateScalarModel, TemplateHashModel {
    private final BigDecimal amount;
    private final String currency;
    private String written = "";
    private @Nullable Locale writtenIn;

    Money(BigDecimal amount, String currency) {
      this.amount = amount;
      this.currency = currency;
    }

    /** Once for all parts of a mail, which one thread renders. */
    @Override
    public String getAsString() {
      Locale locale = Environment.getCurrentEnvironment().getLocale();
      if (!locale.equals(writtenIn)) {
        written = MoneyFormats.format(amount, currency, locale);
        writtenIn = locale;
      }
      return written;
    }

    @Override
    public @Nullable TemplateModel get(String key) {
      return switch (key) {
        case "amount" -> new SimpleNumber(amount);
        case "currency" -> new SimpleScalar(currency);
        default -> null;
      };
    }

    @Override
    public boolean isEmpty() {
      return false;
    }
  }
}
