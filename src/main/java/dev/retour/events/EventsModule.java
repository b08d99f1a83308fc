package dev.retour.events;

import dev.retour.delivery.DeliveryCleanUp;
import dev.retour.delivery.Queue;
import dev.retour.mail.MailSigner;
import dev.retour.mail.UnsubscribeLink;
import dev.retour.messages.Messages;
import dev.retour.messages.MessagesModule;
import dev.retour.quarantine.AddressBook;
import dev.retour.store.Sources;
import java.time.InstantSource;
import org.apache.camel.spi.Registry;
import org.jdbi.v3.core.Jdbi;

/** Names the beans of this room: eventIntake, batchIntake, eventProcessor, eventHolds, eventLog. */
public final class EventsModule {
  private final EventIntake intake;
  private final BatchIntake batches;
  private final EventProcessor processor;
  private final EventHolds holds;
  private final EventLog eventLog;

  /**
   * What the room needs from below.
   *
   * @param byIndex the same database, for what finds every row by its key
   * @param sources what messages may ask
   * @param messageIdDomain right-hand side of the Message-IDs, so that ours can be told from others
   * @param unsubscribe makes the links of mails that can be unsubscribed from
   */
  public record Needs(
      Jdbi jdbi,
      Jdbi byIndex,
      InstantSource clock,
      Messages messages,
      Queue queue,
      AddressBook addresses,
      String messageIdDomain,
      MailSigner signer,
      UnsubscribeLink unsubscribe,
      Sources sources) {
    /** Nobody can unsubscribe, and no other database is asked. */
    public Needs(
        Jdbi jdbi,
        Jdbi byIndex,
        InstantSource clock,
        Messages messages,
        Queue queue,
        AddressBook addresses,
        String messageIdDomain,
        MailSigner signer) {
      this(
          jdbi,
          byIndex,
          clock,
          messages,
          queue,
          addresses,
          messageIdDomain,
          signer,
          UnsubscribeLink.none(),
          Sources.none());
    }

    /** Mails are not signed, and no other database is asked. */
    public Needs(
        Jdbi jdbi,
        InstantSource clock,
        Messages messages,
        Queue queue,
        AddressBook addresses,
        String messageIdDomain) {
      this(jdbi, jdbi, clock, messages, queue, addresses, messageIdDomain, MailSigner.none());
    }
  }

  /** Events name no files. */
  public EventsModule(EventsConfig config, Needs needs) {
    this(config, needs, References.none());
  }

  /**
   * The whole room.
   *
   * @param references where files are that events name
   */
  public EventsModule(EventsConfig config, Needs needs, References references) {
    EventEntry entry = new EventEntry(config, needs);
    EventReader reader =
        new EventReader(
            needs.messages(),
            needs.queue(),
            new Fetching(references, entry::earlier),
            new EventIds(needs.clock()));
    this.intake = new EventIntake(reader, entry);
    this.batches = new BatchIntake(config, reader, entry);
    this.processor = new EventProcessor(config, needs);
    // Else a plan made for a thousand rows reads all events there are, every second.
    this.holds = new EventHolds(needs.byIndex(), needs.clock(), needs.queue().facts());
    this.eventLog = new EventLog(needs.jdbi(), needs.clock());
  }

  /** Who sends proofs of the messages of this room. */
  public static Proofs proofs(Needs needs, MessagesModule messages) {
    return new Proofs(needs, messages);
  }

  /** Makes known who removes old events with their packages. */
  public static EventCleanUp bindCleanUp(Registry registry, Jdbi jdbi, DeliveryCleanUp packages) {
    EventCleanUp cleanUp = new EventCleanUp(jdbi, packages);
    registry.bind("eventCleanUp", cleanUp);
    return cleanUp;
  }

  /** Makes the beans known to the routes. */
  public void bind(Registry registry) {
    registry.bind("eventIntake", intake);
    registry.bind("batchIntake", batches);
    registry.bind("eventProcessor", processor);
    registry.bind("eventHolds", holds);
    registry.bind("eventLog", eventLog);
  }

  public EventIntake intake() {
    return intake;
  }

  public BatchIntake batches() {
    return batches;
  }

  public EventLog eventLog() {
    return eventLog;
  }
}
