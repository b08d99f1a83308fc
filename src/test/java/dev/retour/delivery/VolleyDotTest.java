package dev.retour.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.support.Await;
import dev.retour.support.ScriptedSmtp;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;

/**
 * In a volley bytes and dot are one packet, after the commit: what is then known of its failure.
 */
class VolleyDotTest extends VolleyFixture {
  @Test
  void a_server_that_gives_up_before_the_bytes_gets_none_and_its_words_are_the_answer()
      throws Exception {
    try (ScriptedSmtp server =
            goneFor(
                session -> {
                  session.say("250 Ok\r\n250 Ok\r\n354 Go on\r\n421 4.4.2 Too slow\r\n");
                  session.hear();
                });
        DeliveryFixture house = house(server, 6)) {
      growTo(house, server, 2);
      long gone = house.enqueue("gone@example.com");
      long fine = house.enqueue("fine@example.com");
      int before = server.bodies().size();

      Volley volley = fly(house);

      assertThat(volley.rest()).extracting(each -> each.workPackage().id()).containsExactly(gone);
      volley.rest().forEach(house::finish);
      assertThat(house.column(fine, "state")).isEqualTo("sent");
      assertThat(house.column(gone, "state")).isEqualTo("waiting");
      assertThat(house.column(gone, "failure_text")).contains("421 4.4.2 Too slow");
      assertThat(server.bodies()).hasSize(before + 1);
    }
  }

  @Test
  void a_connection_that_is_gone_when_they_are_written_has_handed_nothing_over() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch locked = new CountDownLatch(1);
    CountDownLatch committing = new CountDownLatch(1);
    CountDownLatch hungUp = new CountDownLatch(1);
    try (ScriptedSmtp server =
            goneFor(
                session -> {
                  asked.countDown();
                  await(locked);
                  session.say("250 Ok\r\n250 Ok\r\n354 Go on\r\n");
                  await(committing);
                  session.reset();
                  hungUp.countDown();
                });
        DeliveryFixture house = house(server, 6)) {
      growTo(house, server, 2);
      long gone = house.enqueue("gone@example.com");
      long fine = house.enqueue("fine@example.com");
      CompletableFuture<Void> meanwhile =
          CompletableFuture.runAsync(() -> holdUpCommit(gone, asked, locked, committing, hungUp));

      Volley volley = fly(house);

      meanwhile.get(30, TimeUnit.SECONDS);
      assertThat(volley.rest()).extracting(each -> each.workPackage().id()).containsExactly(gone);
      volley.rest().forEach(house::finish);
      assertThat(house.column(fine, "state")).isEqualTo("sent");
      assertThat(house.column(gone, "state")).as("not uncertain").isEqualTo("waiting");
      assertThat(bodySent(gone)).as("committed before").isTrue();
    }
  }

  private interface End {
    void of(ScriptedSmtp.Session session) throws IOException;
  }

  /** Takes all mails but one. */
  private static ScriptedSmtp goneFor(End end) throws IOException {
    return server(
        (session, recipient) -> {
          if (recipient.contains("gone@")) {
            end.of(session);
          } else {
            take(session);
          }
        });
  }

  /** Holds what the commit of {@code body_sent} needs, and lets go after it was waited for. */
  private void holdUpCommit(
      long id,
      CountDownLatch begin,
      CountDownLatch held,
      CountDownLatch waiting,
      CountDownLatch end) {
    await(begin);
    jdbi.useTransaction(
        h -> {
          h.createQuery("SELECT id FROM attempt WHERE package_id = :id FOR UPDATE")
              .bind("id", id)
              .mapTo(Long.class)
              .one();
          held.countDown();
          Await.until("the commit of body_sent waits", () -> isWaitedFor(h));
          waiting.countDown();
          await(end);
        });
  }

  private static boolean isWaitedFor(Handle transaction) {
    return transaction
        .createQuery(
            "SELECT EXISTS (SELECT 1 FROM pg_locks"
                + " WHERE NOT granted AND transactionid = pg_current_xact_id()::xid)")
        .mapTo(Boolean.class)
        .one();
  }

  private boolean bodySent(long id) {
    return jdbi.withHandle(
        h ->
            h.createQuery("SELECT body_sent_at IS NOT NULL FROM attempt WHERE package_id = :id")
                .bind("id", id)
                .mapTo(Boolean.class)
                .one());
  }
}
