package dev.retour.events;

import dev.retour.config.Secret;
import dev.retour.config.Settings;
import dev.retour.delivery.DeliveryConfig;
import dev.retour.delivery.Queue;
import dev.retour.mail.MailSigner;
import dev.retour.mail.UnsubscribeLink;
import dev.retour.messages.LifecycleAnswer;
import dev.retour.messages.MessageOrder;
import dev.retour.messages.MessagesConfig;
import dev.retour.messages.MessagesModule;
import dev.retour.quarantine.AddressBook;
import dev.retour.quarantine.DomainReach;
import dev.retour.quarantine.ExclusionStore;
import dev.retour.quarantine.Gate;
import dev.retour.quarantine.GateRules;
import dev.retour.quarantine.QuarantineConfig;
import dev.retour.quarantine.SendCounts;
import dev.retour.quarantine.StandingListener;
import dev.retour.store.SourceConfig;
import dev.retour.store.Sources;
import dev.retour.support.Await;
import dev.retour.support.TestDatabase;
import dev.retour.support.TickingClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Predicate;
import org.apache.camel.support.SimpleRegistry;
import org.jdbi.v3.core.Jdbi;

/** A sidecar beside an ERP whose database it may read. */
final class EnrichedRoom implements AutoCloseable {
  static final String TYPE = "EVTtest";

  final TestDatabase.Named erp = TestDatabase.named();
  final Jdbi jdbi = TestDatabase.fresh();
  final TickingClock clock = new TickingClock();
  final Sources sources = Sources.of(List.of(source("erp", Duration.ofSeconds(10))), clock);
  final AddressBook addresses =
      new AddressBook(
          jdbi,
          clock,
          QuarantineConfig.from(Settings.of(Map.of())),
          new AddressBook.Beside(
              DomainReach.UNKNOWN,
              StandingListener.NOBODY,
              new Gate.Terms(GateRules.NONE, new ExclusionStore(sources), SendCounts.NOTHING)));
  private final Path folder;
  private final SimpleRegistry beans = new SimpleRegistry();
  private final MessagesModule messages;
  private final EventsModule events;

  EnrichedRoom(Path folder) {
    this.folder = folder;
    Settings settings = Settings.of(Map.of("messages.folder", folder.toString()));
    erp("CREATE TABLE customer (id int, name text, email text, shop text)");
    erp("INSERT INTO customer VALUES (1, 'Anna', 'anna@example.com', 'https://shop.example/a')");
    this.messages = new MessagesModule(MessagesConfig.from(settings), jdbi, clock, clock, sources);
    this.events =
        new EventsModule(
            EventsConfig.from(settings),
            new EventsModule.Needs(
                jdbi,
                jdbi,
                clock,
                messages.messages(),
                new Queue(jdbi, clock, DeliveryConfig.from(settings)),
                addresses,
                "retour.test",
                MailSigner.none(),
                UnsubscribeLink.none(),
                sources));
    events.bind(beans);
  }

  SourceConfig source(String id, Duration timeout) {
    return new SourceConfig(
        id, erp.url(), "postgres", new Secret("", null), timeout, 2, 1_000, 100_000);
  }

  EnrichedRoom erp(String sql) {
    erp.jdbi().useHandle(handle -> handle.execute(sql));
    return this;
  }

  /** The database of the ERP takes nobody any more, or again. */
  void erpIs(boolean there) {
    String name = erp.url().replaceAll(".*/(test_[0-9]+).*", "$1");
    jdbi.useHandle(
        handle -> {
          handle.execute("ALTER DATABASE " + name + " ALLOW_CONNECTIONS " + there);
          if (!there) {
            handle.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ?", name);
          }
        });
  }

  /** Writes a message; {@code event} begins with its fields. */
  EnrichedRoom write(String type, String subject, String event) {
    try {
      Path files = Files.createDirectories(folder.resolve(type));
      Files.writeString(
          files.resolve("event.yaml"),
          "id: "
              + type
              + "\ndescription: A test.\nfrom: {address: erp@example.org, name: ERP}\n"
              + event);
      Files.writeString(files.resolve("subject.txt"), subject + "\n");
      Files.writeString(files.resolve("message.txt"), "Hello.\n");
      Files.writeString(
          files.resolve("message.html"), "<!DOCTYPE html><html><body><p>Hello.</p></body></html>");
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  LifecycleAnswer tryToPublish(String type) {
    return messages.lifecycle().publish(new MessageOrder(type, "Ann", "test"));
  }

  EnrichedRoom publish(String type) {
    LifecycleAnswer answer = tryToPublish(type);
    if (!(answer instanceof LifecycleAnswer.Done)) {
      throw new IllegalStateException(answer.toString());
    }
    return this;
  }

  void pause(String type) {
    messages.lifecycle().pause(new MessageOrder(type, "Ann", "test"));
  }

  /** With the folder as it is, and what waited goes on. */
  void resume(String type) {
    messages.lifecycle().resume(new MessageOrder(type, "Ann", "test"), false);
    Objects.requireNonNull(beans.lookupByNameAndType("eventHolds", EventHolds.class)).follow();
  }

  void unpublish(String type) {
    messages.lifecycle().unpublish(new MessageOrder(type, "Ann", "test"));
  }

  IntakeAnswer post(String type, String body) {
    return events.intake().accept(type, body.getBytes(StandardCharsets.UTF_8), null);
  }

  /** One turn; what other databases say comes later. */
  void process() {
    Objects.requireNonNull(beans.lookupByNameAndType("eventProcessor", EventProcessor.class))
        .processDue();
  }

  /** Turns until an event is as expected. */
  EventView until(IntakeAnswer posted, Predicate<EventView> expected) {
    Await.until(
        "the event",
        () -> {
          process();
          return expected.test(view(posted));
        },
        () -> ": " + view(posted));
    return view(posted);
  }

  /** Turns until it has left the status pending. */
  EventView settled(IntakeAnswer posted) {
    return until(posted, view -> !view.status().equals("pending"));
  }

  /** Turns until something is said about it. */
  EventView said(IntakeAnswer posted) {
    return until(posted, view -> view.fault() != null);
  }

  EventView view(IntakeAnswer answer) {
    UUID pkey = ((IntakeAnswer.Accepted) answer).pkey();
    return events.eventLog().find(pkey).orElseThrow();
  }

  EventLog log() {
    return events.eventLog();
  }

  /** Of the mails in the queue. */
  List<String> subjects() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("SELECT subject FROM mail_content ORDER BY 1")
                .mapTo(String.class)
                .list());
  }

  String one(String sql) {
    return jdbi.withHandle(handle -> handle.createQuery(sql).mapTo(String.class).one());
  }

  @Override
  public void close() {
    sources.close();
  }
}
