package dev.retour.delivery;

import dev.retour.config.Settings;
import dev.retour.qualification.Phase;
import dev.retour.support.TickingClock;
import jakarta.mail.MessagingException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Retour's side of an SMTP session, without queue and database. */
final class SmtpClient implements AutoCloseable {
  static final String MAIL = "Subject: Hello\r\n\r\nHi\r\n";

  final TickingClock clock = new TickingClock();
  final RelayMonitor monitor = new RelayMonitor(clock);
  final RelayPools pools;

  SmtpClient(int port, Map<String, String> more) {
    this(port, more, Optional::empty);
  }

  SmtpClient(int port, Map<String, String> more, Supplier<Optional<String>> passwordNow) {
    Map<String, String> texts = new HashMap<>();
    texts.put("smtp.host", "127.0.0.1");
    texts.put("smtp.port", Integer.toString(port));
    texts.put("smtp.ehlo-name", "erp.example");
    texts.put("smtp.connect-timeout", "2s");
    texts.put("smtp.answer-timeout", "2s");
    texts.put("smtp.data-timeout", "2s");
    texts.put("smtp.write-timeout", "2s");
    texts.putAll(more);
    Settings settings = Settings.of(texts);
    pools =
        new RelayPools(
            RelayConfig.from(settings), DeliveryConfig.from(settings), monitor, clock, passwordNow);
  }

  PackageMessage to(String recipient) {
    return mail("bounce+token@bounces.example", recipient, MAIL);
  }

  PackageMessage mail(String from, String recipient, String octets) {
    return mail(from, recipient, octets, () -> {});
  }

  PackageMessage mail(
      String from, String recipient, String octets, PackageMessage.BeforeFinalDot beforeDot) {
    return new PackageMessage(
        new MailContentStore.Content(
            "<1@retour.test>", octets.getBytes(StandardCharsets.ISO_8859_1)),
        new Envelope(from, recipient, "token", List.of(pools.ours()), Envelope.Purpose.DELIVERY),
        beforeDot);
  }

  /** Sends and gives the answer. */
  String send(PackageMessage message) throws MessagingException {
    pools.send(message);
    return message.serverAnswer();
  }

  /** Sends what must fail. */
  SmtpFault fault(PackageMessage message) {
    try {
      pools.send(message);
    } catch (MessagingException e) {
      return SmtpFault.of(e);
    }
    throw new AssertionError("was sent: " + message.serverAnswer());
  }

  static SmtpFault refusal(Phase phase, int code, String text) {
    return new SmtpFault(phase, code, text);
  }

  @Override
  public void close() throws IOException {
    pools.close();
  }
}
