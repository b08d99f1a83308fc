package dev.retour.events;

import dev.retour.delivery.SendGuard;
import dev.retour.delivery.SendIntent;
import dev.retour.mail.EmailAddress;
import dev.retour.messages.Document;
import java.time.Instant;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * Answers who asks for the same document once more (spec A5, E1.8): while a mail of it is open, in
 * error or sent, the second request learns where that one stands. What ended expired, cancelled or
 * ignored never went out; a new request takes its place.
 */
final class DocumentGuard {
  private final EventsConfig config;
  private final EventStore store = new EventStore();
  private final SendGuard guard = new SendGuard();

  DocumentGuard(EventsConfig config) {
    this.config = config;
  }

  /** What the event wants to send; empty when the guard has no say in it. */
  Optional<SendIntent> intent(NewEvent event) {
    Document document = event.payload().document();
    boolean keyed = event.idempotencyKey() != null && !event.numbered();
    if (document == null || (keyed && config.documentGuard() == EventsConfig.Guard.UNLESS_KEYED)) {
      return Optional.empty();
    }
    NavigableSet<String> recipients = new TreeSet<>();
    recipients.add(event.recipientKey());
    event.payload().wishes().copies().stream()
        .flatMap(text -> EmailAddress.parse(text).stream())
        .map(EmailAddress::key)
        .forEach(recipients::add);
    String version = document.version() == null ? "" : document.version();
    return Optional.of(
        new SendIntent(config.tenant(), document.id(), version, event.eventType(), recipients));
  }

  /** Takes what nobody has; of two that ask for the same, the first. Those that got theirs. */
  Set<UUID> takeFree(Handle handle, Map<UUID, SendIntent> intents, Instant now) {
    return intents.isEmpty() ? Set.of() : guard.takeFree(handle, intents, now);
  }

  /** Empty when the event may be stored now, else the one that sends the document. */
  Optional<EventView> take(Handle handle, SendIntent intent, UUID event, Instant now) {
    Optional<UUID> holder = guard.take(handle, intent, event, now);
    if (holder.isEmpty()) {
      return Optional.empty();
    }
    Optional<EventView> earlier =
        store.find(handle, holder.get()).filter(view -> stands(handle, view));
    if (earlier.isEmpty()) {
      guard.pass(handle, intent, event, now);
    }
    return earlier;
  }

  void giveBack(Handle handle, SendIntent intent, UUID event) {
    guard.giveBack(handle, intent, event);
  }

  private boolean stands(Handle handle, EventView earlier) {
    return earlier.workPackage() == null
        ? earlier.status().equals("pending") || earlier.status().equals("paused")
        : guard.mayReachSomebody(handle, earlier.pkey());
  }
}
