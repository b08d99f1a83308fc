package dev.retour.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.qualification.FailureType;
import dev.retour.qualification.Reason;
import dev.retour.quarantine.AddressBook;
import dev.retour.quarantine.AddressFailure;
import dev.retour.quarantine.Cause;
import dev.retour.quarantine.QuarantineConfig;
import dev.retour.store.Database;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands beside a running store, as an operator types them. */
class QuarantineCommandTest {
  @TempDir Path dir;
  private Terminal terminal = new Terminal(Path.of(""));

  @BeforeEach
  void sit_down() {
    terminal = new Terminal(dir);
  }

  @Test
  void an_operator_bars_undoes_lists_and_moves_addresses() throws Exception {
    try (Database database = terminal.store()) {
      AddressBook book =
          new AddressBook(
              database.jdbi(), InstantSource.system(), QuarantineConfig.from(terminal.settings()));
      fail(database, book, "a@icloud.com");
      fail(database, book, "b@icloud.com");

      assertThat(run("list")).isZero();
      assertThat(terminal.out()).contains("a@icloud.com", "b@icloud.com").doesNotContain("\u001b");
      assertThat(run("undo", "--address", "*@icloud.com", "--from", "2020-01-01T00:00:00Z"))
          .isZero();
      assertThat(terminal.out())
          .contains("2 of 2 addresses would be taken back. Nothing was changed");
      assertThat(book.gate("a@icloud.com").isOpen()).isFalse();
      assertThat(run("undo", "--text", "outage", "--from", "2020-01-01T00:00:00Z", "--yes"))
          .isZero();
      assertThat(terminal.out()).contains("2 of 2 addresses taken back.");
      assertThat(book.gate("a@icloud.com").isOpen()).isTrue();

      assertThat(run("set", "denylisted", "c@example.com", "--why", "asked us")).isZero();
      assertThat(run("show", "C@example.com")).isZero();
      assertThat(terminal.out()).contains("DENYLISTED").contains("asked us");
      Path file = dir.resolve("lists.csv");
      assertThat(run("export", file.toString())).isZero();
      assertThat(Files.readString(file)).contains("c@example.com,denylisted");
      assertThat(run("import", file.toString())).isZero();
      assertThat(terminal.out()).contains("0 addresses set, 1 were so already.");
      Files.writeString(file, "address,state\nnobody,denylisted\nd@example.com,denylisted\n");
      assertThat(run("import", file.toString())).isEqualTo(1);
      assertThat(terminal.out())
          .contains("line 2: \"nobody\" is no e-mail address.", "Nothing was imported.");
      assertThat(book.gate("d@example.com").isOpen()).isTrue();
    }
  }

  @Test
  void the_erp_is_told_what_an_operator_does() {
    try (Database database = terminal.store()) {
      String url = "callback.url=https://erp.example.com/retour";
      assertThat(run("--set", url, "set", "denylisted", "c@example.com", "--why", "asked us"))
          .isZero();
      List<String> told =
          database
              .jdbi()
              .withHandle(
                  handle ->
                      handle
                          .createQuery("SELECT fact || ' ' || recipient FROM callback")
                          .mapTo(String.class)
                          .list());
      assertThat(told).containsExactly("denylisted c@example.com");
    }
  }

  @Test
  void an_operator_puts_on_the_list_of_a_category_and_takes_off() throws Exception {
    try (Database database = terminal.store()) {
      assertThat(run("unsubscribed")).isZero();
      assertThat(terminal.out()).contains("Nobody.");
      int added = run("unsubscribed", "add", "newsletter", "A@example.com", "--why", "by phone");
      assertThat(added).as(terminal.out()).isZero();
      assertThat(terminal.out()).contains("A@example.com gets no more mails of newsletter.");
      assertThat(run("unsubscribed", "--category", "newsletter")).isZero();
      assertThat(terminal.out()).contains("a@example.com", "operator");
      assertThat(run("unsubscribed", "remove", "newsletter", "a@example.com", "--why", "asked"))
          .isZero();
      assertThat(terminal.out()).contains("gets mails of newsletter again.");
      assertThat(run("show", "a@example.com")).isZero();
      assertThat(terminal.out())
          .contains("Unsubscribed from newsletter: by phone")
          .contains("Subscribed to newsletter again: asked");
      assertThat(database.fault()).isEmpty();
    }
  }

  @Test
  void without_an_engine_it_says_so_in_one_sentence() {
    assertThat(run("list")).isNotZero();
    assertThat(terminal.out()).contains("is ./retour up running?").doesNotContain("\tat ");
  }

  @Test
  void nothing_is_undone_without_a_selection_or_with_a_time_that_is_none() {
    assertThat(run("undo", "--from", "10:00", "--yes")).isNotZero();
    assertThat(terminal.out()).contains("Name the addresses, the text or the rule.");
    assertThat(run("undo", "--rule", "x", "--from", "noonish")).isNotZero();
    assertThat(terminal.out()).contains("\"noonish\" is no time such as 10:00");
  }

  @Test
  void a_time_of_day_is_today_here_also_when_the_clocks_change() {
    ZoneId berlin = ZoneId.of("Europe/Berlin");
    Instant now = Instant.parse("2026-03-29T12:00:00Z");
    assertThat(QuarantineCommand.time("02:30", now, berlin))
        .as("a time the change leaves out is the one an hour later")
        .isEqualTo("2026-03-29T01:30:00Z");
    assertThat(QuarantineCommand.time("10:00", now, berlin)).isEqualTo("2026-03-29T08:00:00Z");
    assertThat(QuarantineCommand.time("2026-01-01T10:00", now, berlin))
        .isEqualTo("2026-01-01T09:00:00Z");
    assertThat(QuarantineCommand.time("2026-01-01T10:00:00+05:00", now, berlin))
        .isEqualTo("2026-01-01T05:00:00Z");
  }

  private static void fail(Database database, AddressBook book, String address) {
    database
        .jdbi()
        .useTransaction(
            handle ->
                book.apply(
                    handle,
                    new AddressFailure(
                        address,
                        FailureType.HARD,
                        Reason.USER_UNKNOWN,
                        "550 outage \u001b[31m of a provider",
                        "rule",
                        Cause.BOUNCE,
                        "bounce-1")));
  }

  private int run(String... words) {
    return terminal.beside("quarantine", words);
  }
}
