package dev.retour.delivery;

import dev.retour.mail.EmailAddress;
import dev.retour.mail.OnUncertain;
import dev.retour.quarantine.GateRules;
import dev.retour.support.SmtpSink;
import dev.retour.support.TestDatabase;
import dev.retour.support.TickingClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** A queue and a relay, with rules of the gate between them. */
public final class GateFixture implements AutoCloseable {
  public final Jdbi jdbi = TestDatabase.fresh();
  public final TickingClock clock = new TickingClock();
  public final SmtpSink sink = new SmtpSink();
  public final DeliveryFixture house = house("node-a");
  private final Path file;

  public GateFixture() {
    try {
      this.file = Files.createTempFile("exclusions", ".rules.yaml");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Another sidecar on the same database. */
  DeliveryFixture house(String node) {
    return new DeliveryFixture(
        jdbi,
        clock,
        clock,
        DeliveryFixture.shippedRules(),
        Map.of("smtp.port", DeliveryFixture.port(sink.port()), "delivery.node", node));
  }

  /** A rule file as it would be loaded. */
  public GateRules rules(String... lines) {
    try {
      return GateRules.load(Files.writeString(file, String.join("\n", lines) + "\n"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void inForce(String... lines) {
    house.addresses.gate().replace(rules(lines));
  }

  long mail(String recipient, String message, @Nullable String document) {
    return mail(recipient, message, document, "mail", null);
  }

  long mail(
      String recipient,
      String message,
      @Nullable String document,
      String processor,
      @Nullable String category) {
    UUID event = UUID.randomUUID();
    String messageId = "<" + event + "@retour.test>";
    byte[] raw =
        ("Subject: Hello\r\nMessage-ID: " + messageId + "\r\n\r\nHi\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    return house.enqueue(
        new NewPackage(
            event,
            message,
            document,
            EmailAddress.parse(recipient).orElseThrow(),
            5,
            OnUncertain.HOLD,
            clock.instant().plus(Duration.ofDays(5)),
            messageId,
            "Hello",
            raw,
            new NewPackage.Terms(
                processor, List.of(), null, null, RedeliveryRequest.NONE, category)));
  }

  /** The state of a package, with the number of the reason if it has one. */
  String ended(long id) {
    String reason = house.column(id, "failure_reason");
    return house.column(id, "state") + (reason == null ? "" : " " + reason);
  }

  /** Sends one mail and tells what became of it. */
  String send(String recipient, String message, @Nullable String document) {
    long id = mail(recipient, message, document);
    house.sendDue();
    return ended(id);
  }

  @Override
  public void close() {
    house.close();
    sink.close();
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
