package dev.retour.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.retour.app.RetourProcess.Reply;
import dev.retour.support.Ports;
import jakarta.mail.Folder;
import jakarta.mail.Session;
import jakarta.mail.Store;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole process, started as a user starts it and driven from outside only. */
class UpIT {
  private static final String QUICK =
      """
      policies:
        - id: quick
          because: The test does not wait an hour.
          schedule:
            - {attempts: 20, spacing: 1s}
          validity: 1d
      """;

  @TempDir Path dir;

  @Test
  void an_event_becomes_a_mail_an_answer_and_a_lesson_for_the_next() throws Exception {
    try (RetourProcess retour = quick()) {
      retour.up();
      assertThat(retour.get("/api/v1/event-types/EVTnone/sample").status()).isEqualTo(404);
      assertThat(retour.post("/api/v1/events/EVTnone", "{}").status()).isEqualTo(404);
      Reply wrong =
          retour.post(
              "/api/v1/events/EVTcartAbandonment",
              retour
                  .sampleTo("EVTcartAbandonment", "ok@x.example")
                  .replaceFirst("\"ctx\":\\{", "\"ctx\":{\"surprise\":1,"));
      assertThat(wrong.status()).isEqualTo(400);
      assertThat(wrong.json().toString()).contains("/ctx/surprise");

      Map<String, String> expected = new LinkedHashMap<>();
      expected.put("ok", "processed");
      expected.put("slow", "processed");
      expected.put("greylisted", "processed");
      expected.put("away", "processed");
      expected.put("complaint", "processed");
      expected.put("unknown", "deliveryFailed");
      expected.put("spam", "deliveryFailed");
      expected.put("bounce-later", "deliveryFailed");
      expected.put("full-later", "deliveryFailed");
      Map<String, String> hrefs = new LinkedHashMap<>();
      for (String who : expected.keySet()) {
        hrefs.put(who, accepted(retour, "EVTinvoiceIssued", who + "@x.example"));
      }
      expected.forEach(
          (who, status) -> await(who, () -> status(retour, hrefs.get(who)).equals(status)));

      for (String who : List.of("unknown", "bounce-later")) {
        Reply again =
            retour.post(
                "/api/v1/events/EVTinvoiceIssued",
                retour.sampleTo("EVTinvoiceIssued", who + "@x.example"));
        JsonNode event = retour.get(again.json().path("href").asText()).json();
        assertThat(event.path("status").asText()).isEqualTo("ignored");
        assertThat(event.path("reason").asInt()).isEqualTo(9);
      }
      await(
          "complaint denylists",
          () -> {
            String href = accepted(retour, "EVTcartAbandonment", "complaint@x.example");
            return retour.get(href).json().path("reason").asInt() == 8;
          });
      await("the inbox is empty", () -> mails(retour, "INBOX") == 0);
      assertThat(mails(retour, "Processed")).isGreaterThanOrEqualTo(3);

      Reply page = retour.get("/");
      assertThat(page.status()).isEqualTo(200);
      assertThat(page.json().asText()).contains("unknown@x.example");
      assertThat(retour.get("/observe/metrics").json().asText()).contains("camel_exchanges");
      assertThat(retour.get("/observe/health").status()).isEqualTo(200);
      assertThat(retour.stop()).as("exit code after SIGTERM").isIn(0, 143);
      assertThat(dir.resolve("data/postgres/postmaster.pid")).doesNotExist();
    }
  }

  @Test
  void a_kill_loses_nothing_and_sends_nothing_twice() throws Exception {
    try (RetourProcess retour = quick()) {
      retour.up();
      List<String> hrefs = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        hrefs.add(accepted(retour, "EVTinvoiceIssued", "ok+" + i + "@x.example"));
        if (i == 25 || i == 45) {
          retour.kill();
          if (i == 45) {
            // The orphaned PostgreSQL on the old port is in the way of the new one.
            retour.postgresPort = Ports.free();
          }
          retour.up();
        }
      }
      int uncertain = 0;
      for (String href : hrefs) {
        await(
            href,
            () ->
                status(retour, href).equals("processed")
                    || retour.get(href).json().path("fault").asText().contains("Outcome unknown"));
        uncertain += status(retour, href).equals("processed") ? 0 : 1;
      }
      Map<String, Integer> taken = new LinkedHashMap<>();
      for (String mail : retour.captured()) {
        taken.merge(mail.replaceFirst("(?s).*?\r\nMessage-ID: ([^\r]+).*", "$1"), 1, Integer::sum);
      }
      assertThat(taken.values()).as("mails by Message-ID").allMatch(times -> times == 1);
      assertThat(taken.size()).isBetween(hrefs.size() - uncertain, hrefs.size());
    }
  }

  @Test
  void broken_files_are_refused_with_file_and_line_while_the_old_ones_run_on() throws Exception {
    try (RetourProcess retour = quick()) {
      retour.up();
      for (String file :
          List.of(
              "routes/events/events.camel.yaml",
              "rules/qualification/10-local.rules.yaml",
              "rules/redelivery.rules.yaml",
              "messages/EVTcartAbandonment/event.yaml")) {
        Path path = dir.resolve(file);
        String good = Files.readString(path);
        Files.writeString(path, good + "\n- : [broken\n");
        await("red: " + file, () -> retour.get("/observe/health").status() == 503);
        assertThat(retour.get("/observe/health").json().toString())
            .contains(path.getFileName() + ":");
        assertThat(Files.readString(dir.resolve("log"), StandardCharsets.UTF_8))
            .contains(path.getFileName() + ":");
        String href = accepted(retour, "EVTcartAbandonment", "ok@x.example");
        await("runs on: " + file, () -> status(retour, href).equals("processed"));
        Files.writeString(path, good);
        await("green: " + file, () -> retour.get("/observe/health").status() == 200);
      }
    }
  }

  @Test
  void a_port_in_use_is_one_sentence_and_an_exit_code() throws Exception {
    try (RetourProcess retour = quick();
        java.net.ServerSocket taken =
            new java.net.ServerSocket(
                retour.httpPort, 1, java.net.InetAddress.getLoopbackAddress())) {
      Process process = retour.start();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isNotZero();
      assertThat(Files.readString(dir.resolve("log")))
          .contains("Port " + taken.getLocalPort())
          .contains("--http-port")
          .doesNotContain("\tat ");
    }
  }

  private RetourProcess quick() throws Exception {
    RetourProcess retour = new RetourProcess(dir);
    Files.writeString(dir.resolve("rules/redelivery.rules.yaml"), QUICK);
    return retour;
  }

  private static String accepted(RetourProcess retour, String type, String email) {
    Reply reply = retour.post("/api/v1/events/" + type, retour.sampleTo(type, email));
    assertThat(reply.status()).as(reply.json().toString()).isEqualTo(202);
    return reply.json().path("href").asText();
  }

  private static String status(RetourProcess retour, String href) {
    return retour.get(href).json().path("status").asText();
  }

  private static int mails(RetourProcess retour, String folder) {
    Properties properties = new Properties();
    properties.put("mail.imap.timeout", "10000");
    try (Store store = Session.getInstance(properties).getStore("imap")) {
      store.connect("127.0.0.1", retour.imapPort, "bounces", "sandbox");
      Folder found = store.getFolder(folder);
      return found.exists() ? found.getMessageCount() : 0;
    } catch (jakarta.mail.MessagingException e) {
      throw new AssertionError(e);
    }
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
