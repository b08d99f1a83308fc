package dev.retour.app;

import dev.retour.bounces.BouncesConfig;
import dev.retour.config.Settings;
import dev.retour.console.CapturedMail;
import dev.retour.console.CapturedMails;
import dev.retour.console.Phrase;
import dev.retour.delivery.RedeliverySchedule;
import dev.retour.delivery.RelayConfig;
import dev.retour.delivery.RelayLoginConfig;
import dev.retour.sandbox.SandboxClock;
import dev.retour.sandbox.SandboxConfig;
import dev.retour.sandbox.SandboxWorld;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sandbox mail world when no relay is set, and nothing otherwise. The engine meets it like any
 * mail server: by the host, ports and passwords put into the settings here.
 */
final class SandboxPart implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SandboxPart.class);
  private static final String LOOPBACK = "127.0.0.1";

  private final Settings settings;
  private final @Nullable SandboxWorld world;

  private SandboxPart(Settings settings, @Nullable SandboxWorld world) {
    this.settings = settings;
    this.world = world;
  }

  /**
   * The time of the engine: real, or the sandbox's own if there is no relay.
   *
   * @param real real time
   */
  static InstantSource clock(Settings given, InstantSource real) {
    Path dir = SandboxConfig.from(given).dir();
    if (given.text(RelayConfig.HOST).isBlank()) {
      return SandboxClock.of(dir, real);
    }
    if (Files.exists(SandboxClock.file(dir))) {
      log.warn(
          "The sandbox clock of this data folder was moved ahead, and now real time counts: what the"
              + " sandbox left is due later than it looks.");
    }
    return real;
  }

  /** How far ahead the clock of the sandbox is, in words. */
  static Phrase clockSentence(Duration offset) {
    return offset.isZero()
        ? Phrase.of("clock.real")
        : Phrase.of("clock.ahead", RedeliverySchedule.text(offset));
  }

  /** Starts the sandbox if there is no relay. */
  static SandboxPart start(Settings given, InstantSource clock) {
    if (!given.text(RelayConfig.HOST).isBlank()) {
      return new SandboxPart(given, null);
    }
    SandboxConfig config = SandboxConfig.from(given);
    return new SandboxPart(
        Settings.of(withSandbox(given, config)), new SandboxWorld(config, clock).start());
  }

  /** The settings with the sandbox in the place of relay and mailboxes. */
  Settings settings() {
    return settings;
  }

  boolean running() {
    return world != null;
  }

  /** What the sink took, for the console. */
  CapturedMails mails() {
    return world == null ? CapturedMails.OFF : new Captured(world);
  }

  @Override
  public void close() {
    if (world != null) {
      world.close();
    }
  }

  private static Map<String, String> withSandbox(Settings given, SandboxConfig sandbox) {
    Map<String, String> texts = new HashMap<>(given.given());
    texts.put(RelayConfig.HOST.key(), LOOPBACK);
    texts.put(RelayConfig.PORT.key(), Integer.toString(sandbox.smtpPort()));
    texts.put(RelayConfig.TLS.key(), "disabled");
    texts.put(RelayConfig.USER.key(), "");
    texts.put(RelayConfig.PASSWORD.key(), "");
    texts.put(RelayLoginConfig.TOKEN_COMMAND.key(), "");
    texts.put(RelayLoginConfig.TOKEN_URL.key(), "");
    texts.put(BouncesConfig.IMAP_HOST.key(), LOOPBACK);
    texts.put(BouncesConfig.IMAP_PORT.key(), Integer.toString(sandbox.imapPort()));
    texts.put(BouncesConfig.IMAP_USER.key(), sandbox.bounces().user());
    texts.put(BouncesConfig.IMAP_PASSWORD.key(), sandbox.bounces().password());
    texts.put(BouncesConfig.IMAP_TLS.key(), "false");
    texts.put(BouncesConfig.POP3_HOST.key(), LOOPBACK);
    texts.put(BouncesConfig.POP3_PORT.key(), Integer.toString(sandbox.pop3Port()));
    texts.put(BouncesConfig.POP3_USER.key(), sandbox.feedback().user());
    texts.put(BouncesConfig.POP3_PASSWORD.key(), sandbox.feedback().password());
    texts.put(BouncesConfig.POP3_TLS.key(), "false");

    return texts;
  }

  /** The world's mails in the console's words. */
  private record Captured(SandboxWorld world) implements CapturedMails {
    @Override
    public List<CapturedMail> list(int limit) {
      return world.captured(limit).stream()
          .map(
              mail ->
                  new CapturedMail(
                      Long.toString(mail.id()),
                      mail.receivedAt(),
                      mail.envelopeFrom(),
                      String.join(", ", mail.envelopeTo()),
                      mail.subject() == null ? "" : mail.subject(),
                      mail.bytes()))
          .toList();
    }

    @Override
    public Optional<byte[]> raw(String id) {
      if (!id.matches("[0-9]{1,18}")) {
        return Optional.empty();
      }
      try {
        return world.raw(Long.parseLong(id));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
