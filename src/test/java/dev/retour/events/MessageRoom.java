package dev.retour.events;

import dev.retour.config.Settings;
import dev.retour.delivery.Fact;
import dev.retour.delivery.TellingQueue;
import dev.retour.messages.LifecycleAnswer;
import dev.retour.messages.MessageLifecycle;
import dev.retour.messages.MessageOrder;
import dev.retour.messages.MessagesConfig;
import dev.retour.messages.MessagesModule;
import dev.retour.quarantine.AddressBook;
import dev.retour.quarantine.QuarantineConfig;
import dev.retour.support.TickingClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.apache.camel.support.SimpleRegistry;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** One sidecar with one message, EVTtest, that can be published, paused and broken. */
final class MessageRoom {
  static final String TYPE = "EVTtest";

  private final Path folder;
  private final Jdbi jdbi;
  private final SimpleRegistry beans = new SimpleRegistry();
  private final MessageLifecycle lifecycle;
  private final EventsModule events;

  /** Another one on the same database and folder is another sidecar. */
  MessageRoom(Path folder, Jdbi jdbi, TickingClock clock) {
    this(folder, jdbi, clock, References.none());
  }

  /** The same whose events may name files. */
  MessageRoom(Path folder, Jdbi jdbi, TickingClock clock, References references) {
    this.folder = folder;
    this.jdbi = jdbi;
    Settings settings = Settings.of(Map.of("messages.folder", folder.toString()));
    MessagesModule messages = new MessagesModule(MessagesConfig.from(settings), jdbi, clock, clock);
    this.lifecycle = messages.lifecycle();
    this.events =
        new EventsModule(
            EventsConfig.from(settings),
            new EventsModule.Needs(
                jdbi,
                clock,
                messages.messages(),
                TellingQueue.of(jdbi, clock, Set.of(Fact.ENDED)),
                new AddressBook(jdbi, clock, QuarantineConfig.from(settings)),
                "retour.test"),
            references);
    events.bind(beans);
  }

  /** Writes the message with this subject; {@code [=ctx.name]} is its one field. */
  MessageRoom write(String subject) {
    return write(subject, "");
  }

  /**
   * The same with more in its event type.
   *
   * @param more lines of {@code event.yaml}
   */
  MessageRoom write(String subject, String more) {
    try {
      Path type = Files.createDirectories(folder.resolve(TYPE));
      Files.writeString(
          type.resolve("event.yaml"),
          """
          id: EVTtest
          description: A test.
          from:
            address: erp@example.org
            name: ERP
          fields:
            - id: name
              type: string
              required: true
              maxLength: 20
          """
              + more);
      Files.writeString(type.resolve("subject.txt"), subject + "\n");
      Files.writeString(type.resolve("message.txt"), "Hello.\n");
      Files.writeString(
          type.resolve("message.html"), "<!DOCTYPE html><html><body><p>Hello.</p></body></html>\n");
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  MessageRoom publish() {
    return done(lifecycle.publish(order()));
  }

  MessageRoom pause() {
    return done(lifecycle.pause(order()));
  }

  MessageRoom resume() {
    return done(lifecycle.resume(order(), false));
  }

  MessageRoom unpublish() {
    return done(lifecycle.unpublish(order()));
  }

  private static MessageOrder order() {
    return new MessageOrder(TYPE, "Ann", "wrong price");
  }

  private MessageRoom done(LifecycleAnswer answer) {
    if (!(answer instanceof LifecycleAnswer.Done)) {
      throw new IllegalStateException(answer.toString());
    }
    return this;
  }

  IntakeAnswer post(String name) {
    return post(
        "{\"email\":\"%s@example.com\",\"ctx\":{\"name\":\"%s\"}}".formatted(name, name), null);
  }

  IntakeAnswer post(String body, @Nullable String key) {
    return events.intake().accept(TYPE, body.getBytes(StandardCharsets.UTF_8), key);
  }

  EventsModule events() {
    return events;
  }

  /** One turn of each of the two routes. */
  MessageRoom turn() {
    follow();
    return process();
  }

  MessageRoom follow() {
    bean("eventHolds", EventHolds.class).follow();
    return this;
  }

  MessageRoom process() {
    bean("eventProcessor", EventProcessor.class).processDue();
    return this;
  }

  private <T> T bean(String name, Class<T> type) {
    return Objects.requireNonNull(beans.lookupByNameAndType(name, type));
  }

  EventView view(IntakeAnswer answer) {
    UUID pkey =
        answer instanceof IntakeAnswer.Accepted accepted
            ? accepted.pkey()
            : ((IntakeAnswer.Replayed) answer).pkey();
    return events.eventLog().find(TYPE, pkey).orElseThrow();
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
}
