package dev.retour.support;

import dev.retour.quarantine.ExclusionSources;
import dev.retour.quarantine.ExclusionSql;
import dev.retour.quarantine.ExclusionStore;
import dev.retour.store.SourceConfig;
import dev.retour.store.Sources;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The source erp that exclusion rules ask in tests; it can be away, and asking is counted. */
public final class TestSources implements ExclusionSources {
  private final Set<String> away = ConcurrentHashMap.newKeySet();
  private final AtomicInteger asked = new AtomicInteger();
  private volatile ExclusionSources store = new ExclusionStore(Sources.none());

  /** The database of the ERP. */
  public void erp(String url) {
    store =
        new ExclusionStore(
            Sources.of(List.of(SourceConfig.erp(url, "postgres", "")), InstantSource.system()));
  }

  public void away(String name, boolean isAway) {
    if (isAway) {
      away.add(name);
    } else {
      away.remove(name);
    }
  }

  /** How often an answer was asked for. */
  public int asked() {
    return asked.get();
  }

  @Override
  public Set<String> names() {
    return store.names();
  }

  @Override
  public Optional<Object> first(
      String source, ExclusionSql sql, Map<String, String> values, Duration within)
      throws SQLException {
    requireThere(source);
    return store.first(source, sql, values, within);
  }

  @Override
  public Optional<String> refusal(String source, ExclusionSql sql, Duration within)
      throws SQLException {
    requireThere(source);
    return store.refusal(source, sql, within);
  }

  private void requireThere(String source) throws SQLException {
    asked.incrementAndGet();
    if (away.contains(source)) {
      throw new SQLException("Connection refused", "08001");
    }
  }
}
