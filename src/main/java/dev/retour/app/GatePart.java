package dev.retour.app;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.retour.config.FileFault;
import dev.retour.config.Settings;
import dev.retour.delivery.GateStore;
import dev.retour.erp.ErpConfig;
import dev.retour.quarantine.AddressBook;
import dev.retour.quarantine.ExclusionStore;
import dev.retour.quarantine.Gate;
import dev.retour.quarantine.GateRules;
import dev.retour.quarantine.QuarantineConfig;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The rules of the gate in the running process: loaded, proved, watched; and whom they may ask. */
final class GatePart implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(GatePart.class);

  private final Path file;
  private final GateRules rules;
  private final Sources sources;

  private GatePart(Path file, GateRules rules, Sources sources) {
    this.file = file;
    this.rules = rules;
    this.sources = sources;
  }

  /**
   * Reads the rules.
   *
   * @throws dev.retour.quarantine.GateRulesException with every fault
   */
  static GatePart load(Settings settings) {
    Path file = settings.get(QuarantineConfig.GATE_RULES);
    return new GatePart(file, GateRules.load(file), new Sources(settings));
  }

  /** What the gate of an address book works by. */
  Gate.Terms terms() {
    return new Gate.Terms(rules, sources, new GateStore());
  }

  /**
   * What their sources have against the questions of the rules. At a start that is no reason to
   * send nothing at all: only mails of the messages concerned wait.
   */
  List<FileFault> faults() {
    return rules.proved(file.toString(), sources);
  }

  void watch(Reloader reloader, AddressBook addresses) {
    faults().forEach(fault -> log.error("Mails wait for this rule: {}", fault));
    reloader.watch(file, RulesReload.gate(file, addresses.gate()));
  }

  @Override
  public void close() {
    sources.pools.values().forEach(HikariDataSource::close);
  }

  /** The databases of the settings; a connection is opened when one is asked for. */
  private static final class Sources extends ExclusionStore {
    /** For all mails that are being sent at the same moment. */
    private static final int CONNECTIONS_MAX = 8;

    /** The least the pool allows. */
    private static final int CONNECT_MILLIS = 250;

    private final Map<String, HikariDataSource> pools;

    Sources(Settings settings) {
      ErpConfig erp = ErpConfig.from(settings);
      this.pools = erp.enabled() ? Map.of("erp", pool(erp)) : Map.of();
    }

    private static HikariDataSource pool(ErpConfig erp) {
      HikariConfig pool = new HikariConfig();
      pool.setPoolName("gate-erp");
      pool.setJdbcUrl(erp.jdbcUrl());
      pool.setUsername(erp.user());
      pool.setPassword(erp.password());
      pool.setReadOnly(true);
      pool.setMaximumPoolSize(CONNECTIONS_MAX);
      pool.setMinimumIdle(0);
      pool.setConnectionTimeout(CONNECT_MILLIS);
      pool.setInitializationFailTimeout(-1);
      return new HikariDataSource(pool);
    }

    @Override
    public Set<String> names() {
      return pools.keySet();
    }

    @Override
    protected Optional<Connection> open(String source) throws SQLException {
      HikariDataSource pool = pools.get(source);
      return pool == null ? Optional.empty() : Optional.of(pool.getConnection());
    }
  }
}
