package dev.retour.quarantine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.config.Settings;
import dev.retour.support.TestDatabase;
import java.io.StringReader;
import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

/** Lists come in whole or not at all, and go out so that they come in again. */
class AddressListsTest {
  private static final Instant NOW = Instant.parse("2026-03-01T08:00:00Z");
  private static final List<AddressState> LISTED =
      List.of(AddressState.QUARANTINED, AddressState.DENYLISTED, AddressState.ALLOWLISTED);

  private final Jdbi jdbi = TestDatabase.fresh();
  private final AddressLists lists = new AddressLists(jdbi, () -> NOW, StandingListener.NOBODY);
  private final AddressBook book =
      new AddressBook(jdbi, () -> NOW, QuarantineConfig.from(Settings.of(Map.of())));

  @Test
  void a_list_is_set_with_its_reasons_and_kept_in_the_history() {
    AddressLists.Imported imported =
        read(
            """
            address,state,reason,source,date
            Jane@Example.com,quarantined,1,"old system, list ""A\""",2025-12-24T10:00:00Z
            joe@example.com,denylisted,,wrote to us,
            boss@example.com,allowlisted,,,
            """);

    assertThat(imported.faults()).isEmpty();
    assertThat(imported.changed()).isEqualTo(3);
    assertThat(book.gate("jane@example.com").isOpen()).isFalse();
    assertThat(book.gate("joe@example.com").isOpen()).isFalse();
    assertThat(book.gate("boss@example.com").isOpen()).isTrue();
    assertThat(book.history("jane@example.com", 10))
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.reference()).isEqualTo("anna");
              assertThat(entry.failureText()).isEqualTo("Imported. old system, list \"A\"");
              assertThat(entry.reason()).isEqualTo(1);
            });
  }

  @Test
  void one_bad_line_and_nothing_is_changed_but_every_bad_line_is_named() {
    AddressLists.Imported imported =
        read(
            """
            address,state,reason,source,date
            good@example.com,quarantined,1,,
            no address,quarantined,1,,
            b@example.com,jailed,1,,
            c@example.com,denylisted,999,,
            d@example.com,denylisted,1,,yesterday
            GOOD@example.com,denylisted,1,,
            """);

    assertThat(imported.changed()).isZero();
    assertThat(imported.faults().stream().map(AddressLists.Fault::line))
        .containsExactly(3L, 4L, 5L, 6L, 7L);
    assertThat(imported.faults().get(0))
        .hasToString("line 3: \"no address\" is no e-mail address.");
    assertThat(book.gate("good@example.com").isOpen()).isTrue();
  }

  @Test
  void what_is_no_list_is_refused() {
    assertThat(read("").faults()).isNotEmpty();
    assertThat(read("address,state\n").faults()).isNotEmpty();
    assertThat(read("mail,state\na@example.com,denylisted\n").faults()).isNotEmpty();
    assertThat(read("address,state\n\"a@example.com,denylisted\n").faults()).isNotEmpty();
    assertThat(read("\u0000\u0001\uFFFF\n\n").faults()).isNotEmpty();
  }

  @Test
  void what_goes_out_comes_in_again_and_no_cell_is_a_formula() throws Exception {
    read(
        """
        address,state,reason,source,date
        =cmd@example.com,denylisted,,=HYPERLINK("http://evil.example"),
        b@example.com,quarantined,5,"two
        lines",2026-02-01T00:00:00Z
        """);
    StringWriter first = new StringWriter();

    assertThat(lists.write(first, LISTED)).isEqualTo(2);
    assertThat(first.toString()).contains("'=cmd@example.com").contains("'=HYPERLINK");
    assertThat(read(first.toString()).changed()).as("nothing new").isZero();
    jdbi.useHandle(handle -> handle.execute("DELETE FROM address"));
    assertThat(read(first.toString()).changed()).isEqualTo(2);
    StringWriter second = new StringWriter();
    lists.write(second, LISTED);
    assertThat(second).hasToString(first.toString());
  }

  @Test
  void the_same_list_twice_changes_nothing_the_second_time() {
    String list = "address,state\na@example.com,denylisted\n";
    assertThat(read(list).changed()).isEqualTo(1);
    assertThat(read(list)).isEqualTo(new AddressLists.Imported(0, 1, List.of()));
  }

  private AddressLists.Imported read(String csv) {
    return lists.read(new StringReader(csv), "anna");
  }
}
