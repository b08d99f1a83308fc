package dev.retour.app;

import dev.retour.config.Settings;

/** What belongs to the process as a whole and must be set before anything else runs. */
final class ProcessSetup {
  private ProcessSetup() {}

  static void apply(Settings settings) {
    // Angus otherwise scans the class path for each MIME part: two to three times slower.
    System.setProperty(
        "jakarta.mail.util.StreamProvider", "org.eclipse.angus.mail.util.MailStreamProvider");
    System.setProperty(
        "jakarta.activation.spi.MailcapRegistryProvider",
        "org.eclipse.angus.activation.MailcapRegistryProviderImpl");
    System.setProperty(
        "jakarta.activation.spi.MimeTypeRegistryProvider",
        "org.eclipse.angus.activation.MimeTypeRegistryProviderImpl");
    // Camel reads it once. Before Java 24 a virtual thread that waits in a lock pins another (JEP
    // 491).
    if (settings.get(AppConfig.VIRTUAL_THREADS) && Runtime.version().feature() >= 24) {
      System.setProperty("camel.threads.virtual.enabled", "true");
    }
    if (settings.get(AppConfig.LOG_FORMAT) == AppConfig.LogFormat.JSON) {
      Logging.json();
    }
  }
}
