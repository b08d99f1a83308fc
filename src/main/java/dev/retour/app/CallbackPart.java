package dev.retour.app;

import dev.retour.config.Settings;
import dev.retour.delivery.CallbackQueue;
import dev.retour.erp.CallbackConfig;
import dev.retour.erp.Callbacks;
import dev.retour.erp.ErpModule;
import dev.retour.erp.RotatingSecrets;
import java.nio.file.Path;
import java.time.InstantSource;
import org.apache.camel.spi.Registry;

/** Telling the ERP in the running process: wired, its secrets watched, its state shown. */
final class CallbackPart {
  private CallbackPart() {}

  /** Makes the bean known to the routes; what it returns is shown to people. */
  static CallbackProbe bind(
      Registry beans,
      SettingsSource source,
      CallbackQueue queue,
      InstantSource clock,
      Reloader reloader) {
    Settings settings = source.settings();
    CallbackConfig config = CallbackConfig.from(settings);
    RotatingSecrets secrets = new RotatingSecrets(config.secrets(), source::callbackSecrets);
    if (config.enabled()) {
      Path file = settings.find(CallbackConfig.SECRETS_FILE).orElseGet(source::file);
      reloader.watch(file, RulesReload.callbackSecrets(secrets, file));
    }
    Callbacks callbacks =
        ErpModule.bindCallbacks(
            beans, config, new ErpModule.Telling(queue, clock, InstantSource.system(), secrets));
    return new CallbackProbe(config, callbacks, clock);
  }
}
