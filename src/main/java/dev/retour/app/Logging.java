package dev.retour.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.EncoderBase;
import java.io.OutputStream;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log of the process, on standard error. Set up here because reading an XML file for it takes a
 * tenth of a second at each start; who wants another set-up names a file of his own with {@code
 * -Dlogback.configurationFile=}.
 */
final class Logging {
  private static final String PATTERN = "%d{HH:mm:ss.SSS} %-5level %-24logger{0} %msg %kvp%n";

  /** Chatter of libraries at start and stop; faults still come through. */
  private static final Map<String, Level> LEVELS =
      Map.ofEntries(
          Map.entry("org.apache.camel.impl.engine", Level.WARN),
          Map.entry("org.apache.camel.main", Level.WARN),
          Map.entry("org.apache.camel.component", Level.WARN),
          Map.entry("org.apache.camel.pollconsumer", Level.WARN),
          Map.entry("org.apache.camel.health", Level.WARN),
          Map.entry("org.apache.camel.http", Level.WARN),
          Map.entry("org.quartz", Level.WARN),
          Map.entry("org.flywaydb", Level.WARN),
          Map.entry("com.zaxxer.hikari", Level.WARN),
          Map.entry("io.zonky", Level.WARN),
          // The sandbox's servers warn about every report they store and about every start.
          Map.entry("org.subethamail", Level.ERROR),
          Map.entry("com.icegreen", Level.ERROR),
          // A route that was checked and never started has no Quartz trigger to take back: Camel's
          // QuartzScheduledPollConsumerScheduler runs into null, and that is all it means.
          Map.entry("org.apache.camel.impl.engine.InternalServiceManager", Level.ERROR),
          // A route that starts again after a reload finds its own gauges; Micrometer warns.
          Map.entry("io.micrometer.core.instrument.MeterRegistry", Level.ERROR));

  private Logging() {}

  /** Lines for people. To be called before anything logs. */
  static void text() {
    if (System.getProperty("logback.configurationFile") == null) {
      LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
      PatternLayoutEncoder lines = new PatternLayoutEncoder();
      lines.setPattern(PATTERN);
      to(System.err, context, lines);
    }
  }

  /** One JSON object per line, for collectors. */
  static void json() {
    if (System.getProperty("logback.configurationFile") == null) {
      to(System.err, (LoggerContext) LoggerFactory.getILoggerFactory(), new JsonEncoder());
    }
  }

  /** Replaces whatever the context was set up with. */
  static void to(OutputStream out, LoggerContext context, EncoderBase<ILoggingEvent> encoder) {
    context.reset();
    LEVELS.forEach((name, level) -> context.getLogger(name).setLevel(level));
    encoder.setContext(context);
    encoder.start();
    OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
    appender.setName("stderr");
    appender.setContext(context);
    appender.setEncoder((Encoder<ILoggingEvent>) encoder);
    appender.setOutputStream(out);
    appender.start();
    ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.INFO);
    root.addAppender(appender);
  }
}
