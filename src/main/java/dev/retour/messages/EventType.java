package dev.retour.messages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retour.mail.OnUncertain;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One event type with its message: what may come in, and the mail it becomes (spec C2, C3). Safe
 * for use by many threads.
 */
public final class EventType {
  private final EventDefinition definition;
  private final ObjectNode schema;
  private final PayloadCheck check;
  private final ContentRenderer renderer;
  private final JsonNode sample;
  private final EnrichedValues enriched;
  private final SortedSet<String> sources;
  private final int version;

  EventType(
      EventDefinition definition, ObjectNode schema, ContentRenderer renderer, JsonNode sample) {
    this.definition = definition;
    this.schema = schema;
    this.check = new PayloadCheck(definition.shape(), schema);
    this.renderer = renderer;
    this.sample = sample;
    this.enriched = new EnrichedValues(definition.shape());
    SortedSet<String> asked = new TreeSet<>();
    definition.shape().allEnrichments().forEach(each -> asked.add(each.source()));
    this.sources = Collections.unmodifiableSortedSet(asked);
    this.version = 0;
  }

  private EventType(EventType type, int version) {
    this.definition = type.definition;
    this.schema = type.schema;
    this.check = type.check;
    this.renderer = type.renderer;
    this.sample = type.sample;
    this.enriched = type.enriched;
    this.sources = type.sources;
    this.version = version;
  }

  /** The same as this version of its message. */
  EventType as(int number) {
    return new EventType(this, number);
  }

  /** The version of the message; 0 for a draft. */
  public int version() {
    return version;
  }

  /** Begins with {@code EVT}, at most 64 characters. */
  public String id() {
    return definition.id();
  }

  /** One sentence for people. */
  public String description() {
    return definition.description();
  }

  /** The address its mails come from. */
  public String from() {
    return definition.sender().address();
  }

  /** 1, 3, 5, 7 or 9; 1 goes first. */
  public int priority() {
    return definition.handling().priority();
  }

  public OnUncertain onUncertain() {
    return definition.handling().onUncertain();
  }

  /** What its recipients can unsubscribe from, by a link in each mail; empty: nothing. */
  public Optional<String> category() {
    return Optional.ofNullable(definition.handling().category());
  }

  /** The language of the files without one in their name. */
  String language() {
    return definition.language().tag();
  }

  /** How long delivery is tried when the event brings no expiration. */
  public Duration validity() {
    return definition.handling().validity();
  }

  /**
   * The databases its values and perhaps its recipient come from, sorted; empty: the event is
   * enough.
   */
  public SortedSet<String> sources() {
    return sources;
  }

  /** Whether its recipient comes from another database (spec C1: profile event). */
  public boolean isProfile() {
    return definition.shape().recipient() != null;
  }

  /**
   * What stands for the recipient of a profile event as long as it is not known: the values it is
   * looked for by. The same values, the same recipient.
   */
  public String recipientKey(JsonNode ctx, @Nullable String documentId) {
    RecipientSource recipient = definition.shape().recipient();
    SortedMap<String, String> values = new TreeMap<>();
    Map<String, Object> all =
        EnrichmentParameters.of(definition.shape().fields(), ctx)
            .with("documentId", documentId)
            .values();
    definition.shape().enrichments().stream()
        .filter(each -> recipient != null && each.id().equals(recipient.enrichment()))
        .flatMap(each -> each.query().parameters().stream())
        .forEach(name -> values.put(name, String.valueOf(all.get(name))));
    return "? " + values;
  }

  /**
   * The fields of an event with the values of other databases beside them, for rendering.
   *
   * @param values as {@link EnrichmentAnswer.Found} had them
   */
  public static JsonNode enriched(JsonNode ctx, JsonNode values) {
    return EnrichedValues.into(ctx, values);
  }

  EventDefinition.Shape shape() {
    return definition.shape();
  }

  EnrichedValues enrichedValues() {
    return enriched;
  }

  /** What is wrong with a test profile. */
  List<PayloadFault> faults(TestProfile profile) {
    List<PayloadFault> faults = new ArrayList<>(validate(profile.request()));
    JsonNode given = profile.given();
    if (given != null) {
      faults.addAll(enriched.faults(given));
    }
    return faults;
  }

  /** A test profile without faults as the event it stands for, values and recipient included. */
  EventPayload event(TestProfile profile) {
    return event(unchecked(profile.request()), profile.given(), true);
  }

  /**
   * An event with values of other databases as they might be.
   *
   * @param optional whether generated values have the fields that are not required
   */
  EventPayload event(EventPayload event, @Nullable JsonNode given, boolean optional) {
    JsonNode values = enriched.completed(event.ctx(), given, optional);
    RecipientSource recipient = definition.shape().recipient();
    return new EventPayload(
        recipient == null
            ? event.email()
            : values.path(recipient.enrichment()).path(recipient.field()).asText(),
        EnrichedValues.into(event.ctx(), values),
        event.document(),
        event.attachments(),
        event.scheduled(),
        event.expiration(),
        event.redelivery(),
        event.wishes());
  }

  /** The JSON Schema (2020-12) of a whole request body; a copy. */
  public JsonNode jsonSchema() {
    return schema.deepCopy();
  }

  /** A valid request body; a copy. */
  public JsonNode sample() {
    return TestProfile.of(sample).request().deepCopy();
  }

  /** The test profile the sample is taken from, or a generated one. */
  JsonNode profile() {
    return sample;
  }

  /**
   * Checks a whole request body, with all faults at once, in the order of their pointers; empty
   * when it is right. Unknown fields are faults (spec C4).
   */
  public List<PayloadFault> validate(JsonNode body) {
    return check.check(body);
  }

  /** The files that a body without faults names instead of bringing them. */
  public List<FileReference> references(JsonNode body) {
    return AttachmentFields.references(definition.shape(), body);
  }

  /**
   * Checks the files that a body names, as {@link #validate} does those it brings.
   *
   * @param fetched by the pointer of their reference
   */
  public List<PayloadFault> fetchedFaults(JsonNode body, Map<String, byte[]> fetched) {
    return new AttachmentFields(fetched).check(definition.shape(), body);
  }

  /**
   * Reads the values of a body without faults.
   *
   * @throws IllegalArgumentException when the body has faults after all
   */
  public EventPayload payload(JsonNode body) {
    List<PayloadFault> faults = validate(body);
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException("A body with faults has no values: " + faults);
    }
    return unchecked(body);
  }

  /** The values of a body that {@link #validate} has just found right; it is not checked again. */
  public static EventPayload unchecked(JsonNode body) {
    return unchecked(body, Map.of());
  }

  /**
   * The same with the files that the body names.
   *
   * @param fetched by the pointer of their reference; {@link #fetchedFaults} found none
   */
  public static EventPayload unchecked(JsonNode body, Map<String, byte[]> fetched) {
    AttachmentFields files = new AttachmentFields(fetched);
    return new EventPayload(
        body.path("email").asText(),
        body.path("ctx"),
        files.document(body),
        files.attachments(body),
        instant(body.path("scheduled")),
        instant(body.path("expiration")),
        body.path("redelivery").isObject() ? body.path("redelivery") : null,
        DeliveryFields.wishes(body));
  }

  private static @Nullable Instant instant(JsonNode time) {
    return PayloadFormats.instant(time.asText()).orElse(null);
  }

  /**
   * Renders a mail in the language of the event.
   *
   * @throws RenderException when a template cannot be filled with this event; nothing may be sent
   */
  public RenderedMail render(RenderRequest request) {
    return renderer.mail(request);
  }
}
