package dev.retour.quarantine;

import dev.retour.store.SourceAnswer;
import dev.retour.store.Sources;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The other databases of {@code rules/sources.yaml}, as exclusion rules ask them. */
public final class ExclusionStore implements ExclusionSources {
  /** Connection exception. */
  private static final String AWAY = "08000";

  /** Syntax error or access rule violation. */
  private static final String REFUSED = "42000";

  private static final Map<String, String> SAMPLES =
      Map.of("email", "ann@example.com", "message", "EVTsample", "document", "1");

  private final Sources sources;

  /** Asks these. */
  public ExclusionStore(Sources sources) {
    this.sources = sources;
  }

  @Override
  public Set<String> names() {
    return sources.ids();
  }

  @Override
  public Optional<Object> first(
      String source, ExclusionSql sql, Map<String, String> values, Duration within)
      throws SQLException {
    SourceAnswer answer = sources.query(source, sql.query(), values, 1, within);
    if (answer instanceof SourceAnswer.Rows found) {
      List<Map<String, Object>> rows = found.rows();
      return rows.isEmpty()
          ? Optional.empty()
          : Optional.ofNullable(rows.get(0).get(found.columns().get(0)));
    }
    throw fault(answer);
  }

  @Override
  public Optional<String> refusal(String source, ExclusionSql sql, Duration within)
      throws SQLException {
    if (!names().contains(source)) {
      return Optional.of("There is no such source.");
    }
    SourceAnswer answer = sources.columns(source, sql.query(), SAMPLES);
    if (answer instanceof SourceAnswer.Rows) {
      return Optional.empty();
    }
    if (answer instanceof SourceAnswer.Refused refused) {
      return Optional.of(refused.because());
    }
    throw fault(answer);
  }

  private static SQLException fault(SourceAnswer answer) {
    return answer instanceof SourceAnswer.Away away
        ? new SQLException(away.because(), AWAY)
        : new SQLException(((SourceAnswer.Refused) answer).because(), REFUSED);
  }
}
