package dev.retour.quarantine;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;

/** The databases that exclusion rules may ask. */
public interface ExclusionSources {
  /** There is none. */
  ExclusionSources NONE =
      new ExclusionSources() {
        @Override
        public Set<String> names() {
          return Set.of();
        }

        @Override
        public Optional<Connection> open(String source) {
          return Optional.empty();
        }
      };

  /** The names a rule may use. */
  Set<String> names();

  /**
   * A connection, closed by who asked for it; nothing when no source has this name. Must not wait
   * long: mails wait behind it.
   *
   * @throws SQLException when the source is away
   */
  Optional<Connection> open(String source) throws SQLException;
}
