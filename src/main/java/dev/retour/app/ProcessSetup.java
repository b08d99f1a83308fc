package dev.retour.app;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import dev.retour.config.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
    if (settings.get(AppConfig.LOG_FORMAT) == AppConfig.LogFormat.JSON) {
      logAsJson();
    }
  }

  private static void logAsJson() {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    if (context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("stderr")
        instanceof OutputStreamAppender<ILoggingEvent> appender) {
      JsonEncoder json = new JsonEncoder();
      json.setContext(context);
      json.start();
      appender.stop();
      appender.setEncoder(json);
      appender.start();
    }
  }
}
