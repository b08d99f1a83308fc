package dev.retour.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.retour.config.Settings;
import dev.retour.sandbox.SandboxConfig;
import dev.retour.sandbox.SandboxWorld;
import dev.retour.support.Ports;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole process with servers it did not start: a relay, a mailbox, the ERP's database. */
class RealServersIT {
  private static final String OUTBOX =
      """
      CREATE TABLE retour_outbox (
        id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        event_type varchar(64) NOT NULL,
        payload    text NOT NULL,
        taken_at   timestamp,
        answer     text)
      """;

  @TempDir Path dir;

  @Test
  void the_erp_hands_over_events_through_its_own_database() throws Exception {
    // The ERP's database is another one of the same server, so its password must be known.
    String password = "0123456789abcdef0123456789abcdef";
    Files.createDirectories(dir.resolve("data"));
    Files.writeString(dir.resolve("data/postgres.password"), password);
    try (RetourProcess retour = new RetourProcess(dir)) {
      String url = "jdbc:postgresql://127.0.0.1:" + retour.postgresPort + "/postgres";
      retour.up(
          "--set",
          "erp.jdbc-url=" + url,
          "--set",
          "erp.user=postgres",
          "--set",
          "erp.password=" + password,
          "--set",
          "erp.outbox-interval=200ms");
      Jdbi rows = Jdbi.create(url, "postgres", password);
      rows.useHandle(handle -> handle.execute(OUTBOX));
      String good = retour.sampleTo("EVTcartAbandonment", "ok@x.example");
      insert(rows, "EVTcartAbandonment", good);
      insert(rows, "EVTcartAbandonment", "{\"email\": \"no address\"}");
      insert(rows, "EVTnone", good);

      await("all rows are answered", () -> answers(rows, "taken_at IS NOT NULL").size() == 3);
      List<String> answers = answers(rows, "true");
      assertThat(answers.get(0)).startsWith("accepted ");
      assertThat(answers.get(1)).startsWith("refused: ").contains("/email");
      assertThat(answers.get(2)).startsWith("refused: ").contains("EVTnone");
      String href =
          "/api/v1/events/EVTcartAbandonment/" + answers.get(0).substring("accepted ".length());
      await("sent", () -> field(retour.get(href).json(), "status").equals("processed"));

      // As after a crash between taking the event and answering the row: it is read once more.
      rows.useHandle(
          handle -> handle.execute("UPDATE retour_outbox SET taken_at = NULL, answer = NULL"));
      await("answered again", () -> answers(rows, "taken_at IS NOT NULL").size() == 3);
      assertThat(answers(rows, "true").get(0)).isEqualTo(answers.get(0));
      assertThat(retour.captured()).hasSize(1);
    }
  }

  @Test
  void a_wrong_password_and_a_server_that_is_down_are_red_until_they_are_mended() throws Exception {
    SandboxConfig wrong = world("another");
    SandboxConfig right = world("secret", wrong);
    try (RetourProcess retour = new RetourProcess(dir)) {
      SandboxWorld world = new SandboxWorld(wrong, InstantSource.system()).start();
      try {
        retour.up(
            "--set", "smtp.host=127.0.0.1",
            "--set", "smtp.port=" + right.smtpPort(),
            "--set", "smtp.tls=disabled",
            "--set", "bounces.imap.host=127.0.0.1",
            "--set", "bounces.imap.port=" + right.imapPort(),
            "--set", "bounces.imap.user=bounces",
            "--set", "bounces.imap.password=secret",
            "--set", "bounces.imap.tls=false",
            "--set", "bounces.backoff-polls=1");
        await("a wrong password is red", () -> mailbox(retour).contains("AuthenticationFailed"));
        assertThat(retour.get("/observe/health").status()).isEqualTo(503);
        String href =
            field(
                retour
                    .post(
                        "/api/v1/events/EVTinvoiceIssued",
                        retour.sampleTo("EVTinvoiceIssued", "bounce-later@x.example"))
                    .json(),
                "href");
        await(
            "sending goes on", () -> field(retour.get(href).json(), "status").equals("processed"));

        world.close();
        await("a server that is down is red", () -> mailbox(retour).contains("Connect"));
        world = new SandboxWorld(right, InstantSource.system()).start();
        await("it recovers by itself", () -> retour.get("/observe/health").status() == 200);
        await(
            "the bounce that waited is read",
            () -> field(retour.get(href).json(), "status").equals("deliveryFailed"));
        assertThat(Files.readString(dir.resolve("log"), StandardCharsets.UTF_8))
            .doesNotContain("secret");
      } finally {
        world.close();
      }
    }
  }

  private static void insert(Jdbi rows, String type, String payload) {
    rows.useHandle(
        handle ->
            handle.execute(
                "INSERT INTO retour_outbox (event_type, payload) VALUES (?, ?)", type, payload));
  }

  private static List<String> answers(Jdbi rows, String which) {
    return rows.withHandle(
        handle ->
            handle
                .createQuery("SELECT answer FROM retour_outbox WHERE " + which + " ORDER BY id")
                .map((row, context) -> Optional.ofNullable(row.getString(1)).orElse(""))
                .list());
  }

  private static String mailbox(RetourProcess retour) {
    return String.valueOf(retour.get("/observe/health").json());
  }

  private SandboxConfig world(String password) {
    return world(
        Map.of(
            "sandbox.dir", dir.resolve("world").toString(),
            "sandbox.smtp-port", Integer.toString(Ports.free()),
            "sandbox.imap-port", Integer.toString(Ports.free()),
            "sandbox.pop3-port", Integer.toString(Ports.free()),
            "sandbox.report-after", "100ms",
            "sandbox.bounces-password", password));
  }

  /** The same servers with another password. */
  private static SandboxConfig world(String password, SandboxConfig same) {
    return world(
        Map.of(
            "sandbox.dir", same.dir().toString(),
            "sandbox.smtp-port", Integer.toString(same.smtpPort()),
            "sandbox.imap-port", Integer.toString(same.imapPort()),
            "sandbox.pop3-port", Integer.toString(same.pop3Port()),
            "sandbox.report-after", "100ms",
            "sandbox.bounces-password", password));
  }

  private static SandboxConfig world(Map<String, String> settings) {
    return SandboxConfig.from(Settings.of(new HashMap<>(settings)));
  }

  private static String field(JsonNode json, String name) {
    return json.path(name).asText();
  }

  /** Asks until it is so; a minute is far more than it takes. */
  private static void await(String what, BooleanSupplier isSo) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!isSo.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(deadline);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    }
  }
}
