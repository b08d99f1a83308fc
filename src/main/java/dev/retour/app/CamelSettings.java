package dev.retour.app;

import dev.retour.bounces.BouncesConfig;
import dev.retour.config.Setting;
import dev.retour.config.Settings;
import dev.retour.erp.CallbackConfig;
import dev.retour.erp.ErpConfig;
import java.util.LinkedHashMap;
import java.util.Map;

/** The settings of Camel that this house needs. */
final class CamelSettings {
  private CamelSettings() {}

  /**
   * Values of all our settings for placeholders, and the settings of Camel that this house needs.
   */
  static Map<String, String> of(
      Settings settings, HttpConfig http, AppConfig app, Map<String, String> camel) {
    Map<String, String> all = new LinkedHashMap<>();
    for (Setting<?> setting : SettingsCatalog.all()) {
      all.put(setting.key(), settings.text(setting));
    }
    all.put("erp.enabled", Boolean.toString(ErpConfig.from(settings).enabled()));
    all.put("callback.enabled", Boolean.toString(CallbackConfig.from(settings).enabled()));
    mailbox(all, "bounces.imap", "imap", BouncesConfig.from(settings).imap());
    mailbox(all, "bounces.pop3", "pop3", BouncesConfig.from(settings).pop3());
    all.put("camel.main.name", "retour");
    all.put("camel.main.routesIncludePattern", "file:" + app.routes() + "/**/*.camel.yaml");
    all.put("camel.main.autoConfigurationLogSummary", "false");
    all.put("camel.main.startupSummaryLevel", "Off");
    all.put("camel.main.jmxEnabled", "false");
    all.put("camel.main.useMdcLogging", "false");
    all.put("camel.main.allowUseOriginalMessage", "false");
    all.put("camel.main.shutdownTimeout", Long.toString(app.shutdownWait().toSeconds()));
    all.put("camel.main.shutdownLogInflightExchangesOnTimeout", "false");
    // A misspelt direct: otherwise blocks each message for 30 s instead of failing.
    all.put("camel.component.direct.block", "false");
    all.put("camel.component.quartz.enable-jmx", "false");
    all.put("camel.server.enabled", "true");
    all.put("camel.server.host", http.host());
    all.put("camel.server.port", Integer.toString(http.port()));
    all.put("camel.server.maxBodySize", Integer.toString(http.bodyBytesMax()));
    all.put("camel.server.fileUploadEnabled", "false");
    all.put("camel.management.enabled", "true");
    all.put("camel.management.host", http.host());
    all.put("camel.management.port", Integer.toString(http.port()));
    all.put("camel.management.healthCheckEnabled", "true");
    all.put("camel.management.metricsEnabled", "true");
    all.put("camel.metrics.enabled", "true");
    all.put("camel.metrics.enableMessageHistory", "false");
    // Each route is counted and timed by its policy; this searched all meters for every exchange.
    all.put("camel.metrics.enableExchangeEventNotifier", "false");
    all.put("camel.metrics.clearOnReload", "false");
    all.put("camel.health.enabled", "true");
    all.put("camel.health.exposureLevel", "full");
    all.put("camel.health.routesEnabled", "false");
    all.put("camel.health.consumersEnabled", "false");
    all.putAll(camel);
    return all;
  }

  private static void mailbox(
      Map<String, String> all, String prefix, String scheme, BouncesConfig.Mailbox mailbox) {
    all.put(prefix + ".enabled", Boolean.toString(mailbox.enabled()));
    all.put(prefix + ".scheme", mailbox.tls() ? scheme + "s" : scheme);
    if (!mailbox.enabled()) {
      // The route stays off, but it is built and checked: the endpoint needs some host.
      all.put(prefix + ".host", "mailbox.invalid");
    }
  }
}
