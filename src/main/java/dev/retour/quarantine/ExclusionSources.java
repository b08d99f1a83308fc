package dev.retour.quarantine;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
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
        public Optional<Object> first(
            String source, ExclusionSql sql, Map<String, String> values, Duration within)
            throws SQLException {
          throw new SQLException("There is no source \"" + source + "\".");
        }

        @Override
        public Optional<String> refusal(String source, ExclusionSql sql, Duration within) {
          return Optional.of("There is no such source.");
        }
      };

  /** The names a rule may use. */
  Set<String> names();

  /**
   * The first value of the first row; nothing when there is no row, or it is NULL. Must not wait
   * much longer than told: mails wait behind it.
   *
   * @param values by the names of the parameters; one that is missing is NULL
   * @throws SQLException when the source is unknown, away, too slow, or refuses the statement; its
   *     message is for the operator
   */
  Optional<Object> first(
      String source, ExclusionSql sql, Map<String, String> values, Duration within)
      throws SQLException;

  /**
   * What the source has against a statement, looked at without carrying it out; nothing when it
   * takes it.
   *
   * @throws SQLException when the source is away
   */
  Optional<String> refusal(String source, ExclusionSql sql, Duration within) throws SQLException;
}
