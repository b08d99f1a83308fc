package dev.retour.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retour.config.ConfigException;
import dev.retour.config.Settings;
import dev.retour.support.Mailboxes;
import jakarta.mail.AuthenticationFailedException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Its mailboxes, ports and files. */
class SandboxWorldTest {
  @TempDir Path dir;
  private SandboxFixture it;

  @BeforeEach
  void open() {
    it = new SandboxFixture(dir);
  }

  @AfterEach
  void close() {
    it.close();
  }

  @Test
  void a_restart_keeps_captured_mails_mailboxes_and_reports_not_yet_delivered() throws Exception {
    it.close();
    it.start("1h");
    it.send("bounce-later@example.com", "late");
    it.world().deliver(SandboxWorld.Account.BOUNCES, bytes("Subject: one\r\n\r\n.\r\n"));
    Mailboxes.moveAll(it.config.imapPort(), "bounces", "sandbox", "Processed");
    it.world().deliver(SandboxWorld.Account.BOUNCES, bytes("Subject: two\r\n\r\n.\r\n"));
    it.close();

    it.start();
    assertThat(it.world().capturedCount()).isEqualTo(1);
    assertThat(it.world().captured(1).get(0).subject()).isEqualTo("late");
    assertThat(
            Mailboxes.await(
                "imap", it.config.imapPort(), "bounces", "sandbox", "INBOX", l -> l.size() == 2))
        .anyMatch(mail -> mail.contains("Subject: two"))
        .anyMatch(mail -> mail.contains("Status: 5.1.1"));
    assertThat(Mailboxes.read("imap", it.config.imapPort(), "bounces", "sandbox", "Processed"))
        .singleElement()
        .asString()
        .contains("Subject: one");
  }

  @Test
  void only_the_newest_captured_mails_are_kept_but_all_are_counted() throws Exception {
    for (int i = 1; i <= 5; i++) {
      it.send("ok" + i + "@example.com", "mail " + i);
    }
    assertThat(it.world().capturedCount()).isEqualTo(5);
    assertThat(it.world().captured(10)).extracting(CapturedMail::id).containsExactly(5L, 4L, 3L);
    assertThat(it.world().raw(1)).isEmpty();
    try (var files = Files.list(dir.resolve("captured"))) {
      assertThat(files).hasSize(3);
    }
  }

  @Test
  void a_wrong_password_is_refused() {
    assertThatThrownBy(
            () -> Mailboxes.read("imap", it.config.imapPort(), "bounces", "wrong", "INBOX"))
        .isInstanceOf(AuthenticationFailedException.class);
  }

  @ParameterizedTest
  @CsvSource({"smtp", "imap", "pop3"})
  void a_port_in_use_is_one_clear_sentence_and_leaves_nothing_open(String protocol)
      throws Exception {
    it.close();
    int port =
        switch (protocol) {
          case "smtp" -> it.config.smtpPort();
          case "imap" -> it.config.imapPort();
          default -> it.config.pop3Port();
        };
    try (ServerSocket other = NoDelayServerSocket.bound(port, Socket::new)) {
      assertThat(other.isBound()).isTrue();
      assertThatThrownBy(() -> new SandboxWorld(it.config, SandboxFixture.CLOCK).start())
          .isInstanceOf(SandboxException.class)
          .hasMessage(
              "The sandbox's %s port %d on 127.0.0.1 is in use: stop the program that holds it or"
                  + " set sandbox.%s-port.",
              protocol.toUpperCase(java.util.Locale.ROOT), port, protocol);
    }
    it.start();
  }

  @Test
  void two_accounts_of_one_name_are_refused() {
    assertThatThrownBy(
            () -> SandboxConfig.from(Settings.of(Map.of("sandbox.feedback-user", "bounces"))))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("sandbox.feedback-user");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
