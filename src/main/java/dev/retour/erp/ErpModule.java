package dev.retour.erp;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import org.apache.camel.spi.Registry;
import org.jspecify.annotations.Nullable;

/** Names the bean of this room: erpDataSource, the ERP's database as camel-jdbc's endpoint. */
public final class ErpModule implements AutoCloseable {
  private static final int CONNECTIONS_MAX = 2;

  private final @Nullable HikariDataSource dataSource;

  public ErpModule(ErpConfig config) {
    this.dataSource = config.enabled() ? open(config) : null;
  }

  /** Makes the bean known to the routes, when there is a database. */
  public void bind(Registry registry) {
    if (dataSource != null) {
      registry.bind("erpDataSource", dataSource);
    } else {
      // The routes stay off, but they are built and checked all the same.
      registry.bind("erpDataSource", new NoErp());
    }
  }

  @Override
  public void close() {
    if (dataSource != null) {
      dataSource.close();
    }
  }

  private static HikariDataSource open(ErpConfig config) {
    HikariConfig pool = new HikariConfig();
    pool.setPoolName("erp");
    pool.setJdbcUrl(config.jdbcUrl());
    pool.setUsername(config.user());
    pool.setPassword(config.password());
    pool.setMaximumPoolSize(CONNECTIONS_MAX);
    pool.setMinimumIdle(0);
    // The ERP may be down when we start, and come back: its absence must not keep us from sending.
    pool.setInitializationFailTimeout(-1);
    return new HikariDataSource(pool);
  }
}
