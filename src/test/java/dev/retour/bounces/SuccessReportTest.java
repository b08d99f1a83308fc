package dev.retour.bounces;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.bounces.BouncesFixture.Sent;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reports of success (RFC 3464 with action delivered, relayed or expanded). */
class SuccessReportTest {
  private static final String STRANGER = "<stranger@elsewhere.example>";
  private static final String OK = "250 2.1.5 Delivered";

  private final BouncesFixture house =
      new BouncesFixture(
          Map.of("callback.url", "https://erp.example.com/", "callback.facts", "recovered, sent"));

  @AfterEach
  void close() {
    house.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"delivered", "relayed", "expanded"})
  void a_report_to_our_signed_return_path_settles_what_is_uncertain_as_sent(String action) {
    Sent sent = in("uncertain", "anna@example.com");
    Folder folder = receive(sent.returnPath(), "anna@example.com", action, STRANGER);

    assertThat(house.packageState(sent)).isEqualTo("sent");
    assertThat(folder).isEqualTo(Folder.OTHER);
    assertThat(house.text("SELECT kind || ' ' || correlation FROM bounce"))
        .isEqualTo("other token");
    assertThat(house.text("SELECT who || ' ' || what || ' ' || text FROM work_package_log"))
        .contains("bounces confirmed Settled as sent.", action, OK, "matched by token");
    assertThat(house.text("SELECT fact FROM callback")).isEqualTo("sent");
    assertThat(house.count("bounce_recipient")).isZero();
  }

  @Test
  void without_a_token_message_id_and_recipient_prove_it_together() {
    Sent sent = in("uncertain", "Anna@example.com");
    receive("bounce@shop.example", "anna@example.com", "delivered", sent.messageId());

    assertThat(house.packageState(sent)).isEqualTo("sent");
    assertThat(house.text("SELECT correlation FROM bounce")).isEqualTo("message-id");
  }

  @Test
  void a_report_about_whom_it_was_forwarded_to_counts_when_it_bears_the_token() {
    Sent sent = in("uncertain", "anna@example.com");
    receive(sent.returnPath(), "anna@private.example", "relayed", STRANGER);

    assertThat(house.packageState(sent)).isEqualTo("sent");
  }

  @Test
  void a_forged_or_outdated_or_foreign_report_changes_nothing() {
    Sent sent = in("uncertain", "anna@example.com");
    String forged = sent.returnPath().replace("bounce+", "bounce+a").replaceFirst(".@", "@");
    receive(forged, "anna@example.com", "delivered", STRANGER);
    receive("bounce@shop.example", "anna@example.com", "delivered", STRANGER);
    receive("bounce@shop.example", "berta@example.com", "delivered", sent.messageId());
    house.clock.tick(Duration.ofDays(400));
    receive(sent.returnPath(), "anna@example.com", "relayed", STRANGER);

    assertThat(house.packageState(sent)).isEqualTo("uncertain");
    assertThat(house.count("work_package_log")).isZero();
    assertThat(house.count("callback")).isZero();
    assertThat(house.text("SELECT string_agg(DISTINCT correlation, ' ') FROM bounce"))
        .isEqualTo("unmatched");
  }

  @ParameterizedTest
  @ValueSource(strings = {"error", "expired", "cancelled", "waiting", "ready"})
  void no_other_state_is_changed(String state) {
    Sent sent = in(state, "anna@example.com");
    receive(sent.returnPath(), "anna@example.com", "delivered", sent.messageId());

    assertThat(house.packageState(sent)).isEqualTo(state);
    assertThat(house.count("work_package_log")).isZero();
    assertThat(house.count("callback")).isZero();
  }

  @Test
  void what_is_sent_already_notes_the_confirmation_once() {
    Sent sent = house.sent("anna@example.com");
    for (int i = 0; i < 2; i++) {
      receive(sent.returnPath(), "anna@example.com", "delivered", STRANGER);
    }

    assertThat(house.packageState(sent)).isEqualTo("sent");
    assertThat(house.text("SELECT text FROM work_package_log"))
        .startsWith("A delivery report says delivered");
    assertThat(house.count("callback")).isZero();
  }

  @Test
  void a_failure_after_the_confirmation_still_counts() {
    Sent sent = in("uncertain", "anna@example.com");
    receive(sent.returnPath(), "anna@example.com", "delivered", STRANGER);
    house
        .desk()
        .receive(
            "imap",
            new RawMail(
                Returned.report(
                    sent.returnPath(), "anna@example.com", "failed", "550 5.1.1 no", STRANGER),
                1_000));

    assertThat(house.packageState(sent)).isEqualTo("error");
  }

  private Sent in(String state, String recipient) {
    Sent sent = house.sent(recipient);
    house.jdbi.useHandle(
        handle ->
            handle.execute(
                "UPDATE work_package SET state = ?, due_at = CASE WHEN ? THEN now() END WHERE id = ?",
                state,
                state.equals("waiting") || state.equals("ready"),
                sent.id()));
    return sent;
  }

  private Folder receive(String to, String recipient, String action, String messageId) {
    byte[] mail = Returned.report(to, recipient, action, OK, messageId);
    return house.desk().receive("imap", new RawMail(mail, mail.length)).folder();
  }
}
