package dev.retour.support;

import dev.retour.quarantine.ExclusionStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** Databases that exclusion rules ask in tests; each can be away, and asking is counted. */
public final class TestSources extends ExclusionStore {
  private final Map<String, DataSource> databases = new ConcurrentHashMap<>();
  private final Set<String> away = ConcurrentHashMap.newKeySet();
  private final AtomicInteger asked = new AtomicInteger();

  public void add(String name, DataSource database) {
    databases.put(name, database);
  }

  public void away(String name, boolean isAway) {
    if (isAway) {
      away.add(name);
    } else {
      away.remove(name);
    }
  }

  /** How often a connection was asked for. */
  public int asked() {
    return asked.get();
  }

  @Override
  public Set<String> names() {
    return Set.copyOf(databases.keySet());
  }

  @Override
  protected Optional<Connection> open(String source) throws SQLException {
    asked.incrementAndGet();
    if (away.contains(source)) {
      throw new SQLException("Connection refused", "08001");
    }
    DataSource database = databases.get(source);
    return database == null ? Optional.empty() : Optional.of(database.getConnection());
  }
}
