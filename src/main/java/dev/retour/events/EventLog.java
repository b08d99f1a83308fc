package dev.retour.events;

import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/** Reads events back: where is it, and why. */
public final class EventLog {
  private final Jdbi jdbi;
  private final EventStore store = new EventStore();

  public EventLog(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** The event of this type with this key. */
  public Optional<EventView> find(String eventType, UUID pkey) {
    return jdbi.withHandle(handle -> store.find(handle, eventType, pkey));
  }
}
