package dev.retour.erp;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.retour.delivery.CallbackQueue;
import java.time.InstantSource;
import org.apache.camel.spi.Registry;
import org.jspecify.annotations.Nullable;

/**
 * Names the beans of this room: erpDataSource, the ERP's database as camel-jdbc's endpoint, and
 * erpCallbacks, which tells the ERP.
 */
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

  /**
   * What telling the ERP needs.
   *
   * @param realTime real time, also when {@code clock} is moved
   * @param secrets sign each callback
   */
  public record Telling(
      CallbackQueue queue, InstantSource clock, InstantSource realTime, RotatingSecrets secrets) {}

  /** Makes known who tells the ERP; the routes run only when an address is configured. */
  public static Callbacks bindCallbacks(Registry registry, CallbackConfig config, Telling needs) {
    Callbacks callbacks =
        new Callbacks(
            needs.queue(),
            new CallbackSender(config, needs.secrets(), needs.realTime()),
            new EndpointMonitor(needs.clock()),
            needs.clock());
    registry.bind("erpCallbacks", callbacks);
    return callbacks;
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
