package dev.retour.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.qualification.FailureType;
import dev.retour.qualification.QualificationTable;
import dev.retour.qualification.Reason;
import dev.retour.qualification.Verdict;
import dev.retour.store.Database;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The qualification table as an operator types it. */
class QualificationCommandTest {
  @TempDir Path dir;
  private Terminal terminal = new Terminal(Path.of(""));

  @BeforeEach
  void sit_down() {
    terminal = new Terminal(dir);
  }

  @Test
  void an_operator_lists_classifies_and_resets_kinds_of_text() {
    try (Database database = terminal.store()) {
      said(database, "550 5.1.1 <a@example.com> zorp \u001b[31m");
      said(database, "550 5.1.1 <b@example.com> zorp \u001b[31m");
      said(database, "452 4.2.2 mailbox full");

      assertThat(beside("list", "--text", "zorp")).isZero();
      assertThat(terminal.out())
          .contains("2 x  to-qualify  soft", "zorp")
          .doesNotContain("\u001b", "full");
      String id = terminal.out().strip().substring(0, terminal.out().strip().indexOf(" "));
      assertThat(beside("set", "keep", id, "--type", "hard", "--reason", "1")).isZero();
      assertThat(terminal.out()).contains("was ", "keep        hard        1 user unknown");
      assertThat(beside("list", "--status", "keep", "--json")).isZero();
      assertThat(terminal.out()).contains("\"status\":\"keep\"", "\"reason\":1", "\"rule\":null");
      assertThat(beside("reset", id)).isZero();
      assertThat(terminal.out()).contains("  0 x  keep");
      assertThat(beside("show", id)).isZero();
      assertThat(terminal.out()).contains("first: 550 5.1.1 <a@example.com> zorp");

      assertThat(beside("set", "keep", "4711")).isEqualTo(1);
      assertThat(terminal.out()).contains("There is no row 4711.");
      assertThat(beside("set", "kept", id)).isNotZero();
      assertThat(terminal.out())
          .contains("\"kept\" is no status; there are to-qualify, keep, ignore.");
      assertThat(beside("set", "keep", id, "--reason", "13")).isNotZero();
      assertThat(terminal.out()).contains("13 is no reason code.");
    }
  }

  @Test
  void kinds_are_shown_without_a_database_also_of_a_mailbox_file() throws Exception {
    String mail =
        """
        From MAILER-DAEMON Mon Mar  2 08:00:00 2026
        From: MAILER-DAEMON@mx.example
        Subject: Undelivered Mail Returned to Sender
        Content-Type: multipart/report; report-type=delivery-status; boundary=b

        --b
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.example

        Final-Recipient: rfc822; %1$s@firm.example
        Action: failed
        Status: 5.1.1
        Diagnostic-Code: smtp; 550 5.1.1 <%1$s@firm.example>: no such user

        --b--

        """;
    Path box = dir.resolve("inbox.mbox");
    Files.writeString(box, mail.formatted("anna") + mail.formatted("bert"));

    assertThat(terminal.run("qualification", "kinds", dir.toString())).isZero();
    assertThat(terminal.out())
        .contains("2 texts fall into 1 rows.", "2  550 5.1.1 <*>: no such user");

    assertThat(terminal.run("qualify", box.toString())).isZero();
    assertThat(terminal.out().lines().toList())
        .hasSize(3)
        .anyMatch(line -> line.contains("inbox.mbox#1\tbounce\tanna@firm.example\thard\t1"))
        .anyMatch(line -> line.contains("inbox.mbox#2\tbounce\tbert@firm.example\thard\t1"));
    assertThat(terminal.run("qualify", "--explain", "--format", "json", box.toString())).isZero();
    assertThat(terminal.out())
        .contains("\"normalised\":\"550 5.1.1 <*>: no such user\"")
        .contains("\"consequence\":\"The address is quarantined at once.\"");
    assertThat(terminal.run("qualify", dir.resolve("missing").toString())).isEqualTo(1);
    assertThat(terminal.out()).contains("missing cannot be read");
  }

  private static void said(Database database, String text) {
    database
        .jdbi()
        .useTransaction(
            handle ->
                new QualificationTable(InstantSource.system())
                    .decide(
                        handle,
                        text,
                        new Verdict(FailureType.SOFT, Reason.UNREACHABLE, "r", "because", "v")));
  }

  private int beside(String... words) {
    return terminal.beside("qualification", words);
  }
}
