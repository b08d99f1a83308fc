package dev.retour.app;

import dev.retour.console.ComponentState;
import dev.retour.console.ComponentState.Status;
import dev.retour.console.Phrase;
import dev.retour.store.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Asks the database at most every two seconds, however many pages are open. */
final class DatabaseProbe implements Supplier<ComponentState> {
  private static final Duration ASK_EVERY = Duration.ofSeconds(2);

  private final Database database;
  private final InstantSource clock;
  private @Nullable Instant askedAt;
  private @Nullable ComponentState last;

  DatabaseProbe(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
  public synchronized ComponentState get() {
    Instant now = clock.instant();
    if (last == null || askedAt == null || now.isAfter(askedAt.plus(ASK_EVERY))) {
      askedAt = now;
      last = ask(now, last);
    }
    return last;
  }

  private ComponentState ask(Instant now, @Nullable ComponentState before) {
    Optional<String> fault = database.fault();
    Status status = fault.isEmpty() ? Status.UP : Status.DOWN;
    return new ComponentState(
        Phrase.of(
            database.isEmbedded() ? "part.database.embedded" : "part.database.name",
            database.place()),
        status,
        fault
            .map(text -> Phrase.of("part.database.down", text))
            .orElse(Phrase.of("part.database.up")),
        before != null && before.status() == status ? before.since() : now);
  }
}
