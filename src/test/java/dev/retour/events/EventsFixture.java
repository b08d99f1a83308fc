package dev.retour.events;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retour.config.Settings;
import dev.retour.delivery.DeliveryConfig;
import dev.retour.delivery.DeliveryFixture;
import dev.retour.delivery.Queue;
import dev.retour.mail.MailSigner;
import dev.retour.messages.FolderMessages;
import dev.retour.messages.Messages;
import dev.retour.quarantine.AddressBook;
import dev.retour.quarantine.QuarantineConfig;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.apache.camel.support.SimpleRegistry;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** The room events over a given database, driven by hand as HTTP and the routes would. */
final class EventsFixture {
  static final String TYPE = "EVTinvoiceIssued";
  private static final Messages messages = FolderMessages.shipped();

  final Queue queue;
  final AddressBook addresses;

  /** The room as it is when nothing is set. */
  final EventsModule events;

  private final Jdbi jdbi;
  private final InstantSource clock;

  /** With a queue nobody sends from. */
  EventsFixture(Jdbi jdbi, InstantSource clock) {
    this(
        jdbi,
        clock,
        new Queue(jdbi, clock, DeliveryConfig.from(Settings.of(Map.of()))),
        new AddressBook(jdbi, clock, QuarantineConfig.from(Settings.of(Map.of()))));
  }

  /** With one whose mails are sent. */
  EventsFixture(DeliveryFixture delivery) {
    this(delivery.jdbi, delivery.clock, delivery.module.queue(), delivery.addresses);
  }

  private EventsFixture(Jdbi jdbi, InstantSource clock, Queue queue, AddressBook addresses) {
    this.jdbi = jdbi;
    this.clock = clock;
    this.queue = queue;
    this.addresses = addresses;
    this.events = events(MailSigner.none());
  }

  /** Another room over the same database, with settings. */
  EventsModule events(Map<String, String> settings) {
    return events(settings, MailSigner.none());
  }

  /** The same that signs. */
  EventsModule events(MailSigner signer) {
    return events(Map.of(), signer);
  }

  private EventsModule events(Map<String, String> settings, MailSigner signer) {
    return new EventsModule(
        EventsConfig.from(Settings.of(settings)),
        new EventsModule.Needs(
            jdbi, jdbi, clock, messages, queue, addresses, "retour.test", signer));
  }

  /** An invoice to Anna, due at once. */
  static ObjectNode invoice(String document) {
    ObjectNode body = (ObjectNode) messages.published(TYPE).orElseThrow().sample();
    body.remove(List.of("scheduled", "expiration"));
    body.put("email", "anna@example.com");
    body.withObjectProperty("document").put("id", document);
    return body;
  }

  IntakeAnswer post(ObjectNode body) {
    return post(body, null);
  }

  IntakeAnswer post(ObjectNode body, @Nullable String key) {
    return post(events, body, key);
  }

  static IntakeAnswer post(EventsModule events, ObjectNode body, @Nullable String key) {
    return events.intake().accept(TYPE, body.toString().getBytes(StandardCharsets.UTF_8), key);
  }

  /** Makes mails of what is due; how many events that were. */
  int process() {
    return process(events);
  }

  static int process(EventsModule events) {
    SimpleRegistry beans = new SimpleRegistry();
    events.bind(beans);
    return ((EventProcessor) beans.lookupByName("eventProcessor")).processDue();
  }

  /**
   * How many rows.
   *
   * @param what a table, with its condition if any
   */
  long count(String what) {
    return jdbi.withHandle(
        handle -> handle.createQuery("SELECT count(*) FROM " + what).mapTo(Long.class).one());
  }
}
