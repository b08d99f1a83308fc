package dev.retour.app;

import dev.retour.config.Settings;
import dev.retour.delivery.Facts;
import dev.retour.delivery.RelayConfig;
import dev.retour.erp.CallbackConfig;
import dev.retour.events.EventsConfig;
import dev.retour.sandbox.SandboxConfig;
import dev.retour.store.Database;
import dev.retour.store.StoreConfig;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The flags every command that reads the configuration has. */
final class SettingsFlags {
  @Option(
      names = "--config",
      scope = ScopeType.INHERIT,
      paramLabel = "FILE",
      description = "Settings file (default: application.properties beside the launcher).")
  private Path file = Path.of(System.getProperty("retour.home", ""), "application.properties");

  @Option(
      names = {"--set", "-D"},
      scope = ScopeType.INHERIT,
      paramLabel = "KEY=VALUE",
      description = "Any setting by its key; ./retour config lists them.")
  private Map<String, String> any = new LinkedHashMap<>();

  @Option(
      names = "--http-port",
      scope = ScopeType.INHERIT,
      paramLabel = "PORT",
      description = "HTTP port (8085).")
  private @Nullable String httpPort;

  @Option(
      names = "--data-dir",
      scope = ScopeType.INHERIT,
      paramLabel = "DIR",
      description = "Data folder (data).")
  private @Nullable String dataDir;

  @Option(
      names = "--postgres-port",
      scope = ScopeType.INHERIT,
      paramLabel = "PORT",
      description = "Port of embedded PostgreSQL (15432).")
  private @Nullable String postgresPort;

  @Option(
      names = "--jdbc-url",
      scope = ScopeType.INHERIT,
      paramLabel = "URL",
      description = "A PostgreSQL server instead of the embedded one.")
  private @Nullable String jdbcUrl;

  @Option(
      names = "--smtp-host",
      scope = ScopeType.INHERIT,
      paramLabel = "HOST",
      description = "Relay instead of the sandbox mail world.")
  private @Nullable String smtpHost;

  @Option(
      names = "--sandbox-smtp-port",
      scope = ScopeType.INHERIT,
      paramLabel = "PORT",
      description = "SMTP port of the sandbox (2525).")
  private @Nullable String sandboxSmtpPort;

  @Option(
      names = "--sandbox-imap-port",
      scope = ScopeType.INHERIT,
      paramLabel = "PORT",
      description = "IMAP port of the sandbox (2143).")
  private @Nullable String sandboxImapPort;

  @Option(
      names = "--sandbox-pop3-port",
      scope = ScopeType.INHERIT,
      paramLabel = "PORT",
      description = "POP3 port of the sandbox (2110).")
  private @Nullable String sandboxPop3Port;

  /** The configuration in force. */
  SettingsSource read() {
    return SettingsSource.read(file, flags(), System.getenv());
  }

  /** What the ERP wants to be told, also of what a person does here. */
  Facts facts() {
    Settings settings = read().settings();
    return CallbackConfig.facts(settings, settings.get(EventsConfig.TENANT));
  }

  /**
   * Works on the store of the running engine.
   *
   * @param work gives the exit code
   * @throws StartupException with one sentence when it cannot be reached
   */
  int withStore(ToIntFunction<Database> work) {
    try (Database database = Database.connect(StoreConfig.from(read().settings()))) {
      return work.applyAsInt(database);
    } catch (RuntimeException e) {
      throw StartupFaults.sentence(e);
    }
  }

  private Map<String, String> flags() {
    Map<String, String> flags = new LinkedHashMap<>(any);
    put(flags, HttpConfig.PORT.key(), httpPort);
    put(flags, StoreConfig.DATA_DIR.key(), dataDir);
    put(flags, StoreConfig.EMBEDDED_PORT.key(), postgresPort);
    put(flags, StoreConfig.JDBC_URL.key(), jdbcUrl);
    put(flags, RelayConfig.HOST.key(), smtpHost);
    put(flags, SandboxConfig.SMTP_PORT.key(), sandboxSmtpPort);
    put(flags, SandboxConfig.IMAP_PORT.key(), sandboxImapPort);
    put(flags, SandboxConfig.POP3_PORT.key(), sandboxPop3Port);
    return flags;
  }

  private static void put(Map<String, String> flags, String key, @Nullable String value) {
    if (value != null) {
      flags.put(key, value);
    }
  }
}
