package dev.retour.app;

import dev.retour.events.FileTables;
import dev.retour.store.ReadOnlyQuery;
import dev.retour.store.SourceAnswer;
import dev.retour.store.Sources;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Asks the sources for the bytes of files that events name. */
final class SourceTables implements FileTables {
  private static final String KEY = "key";

  /** A second one says that the key is not one. */
  private static final int ROWS_MAX = 2;

  private final Sources sources;

  SourceTables(Sources sources) {
    this.sources = sources;
  }

  @Override
  public Optional<String> fault(String sql) {
    try {
      Set<String> parameters = ReadOnlyQuery.parse(sql).parameters();
      return parameters.equals(Set.of(KEY))
          ? Optional.empty()
          : Optional.of("The one parameter of the statement is :key.");
    } catch (IllegalArgumentException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public Rows ask(String source, String sql, String key) {
    SourceAnswer answer =
        sources.query(source, ReadOnlyQuery.parse(sql), Map.of(KEY, key), ROWS_MAX);
    if (answer instanceof SourceAnswer.Away away) {
      return new Rows.Away(away.because());
    }
    if (answer instanceof SourceAnswer.Refused refused) {
      return new Rows.Away(refused.because());
    }
    SourceAnswer.Rows rows = (SourceAnswer.Rows) answer;
    String column = rows.columns().get(0);
    List<byte[]> found = new ArrayList<>();
    for (Map<String, Object> row : rows.rows()) {
      Object value = row.get(column);
      if (value instanceof byte[] bytes) {
        found.add(bytes);
      } else if (value != null) {
        return new Rows.Away("The column " + column + " holds no bytes.");
      }
    }
    return new Rows.Found(found);
  }
}
