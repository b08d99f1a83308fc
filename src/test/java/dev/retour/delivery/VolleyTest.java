package dev.retour.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.support.Await;
import dev.retour.support.ScriptedSmtp;
import dev.retour.support.TestCertificate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** One thread hands over many mails at the same time, and none of them waits for another. */
class VolleyTest extends VolleyFixture {
  private static final int MAILS = 4;
  private static final List<String> PIPELINING = List.of("PIPELINING");

  @Test
  void all_are_under_way_at_once_and_body_sent_is_committed_once_for_all() throws Exception {
    CyclicBarrier allBegun = new CyclicBarrier(MAILS);
    AtomicInteger transactions = new AtomicInteger();
    try (ScriptedSmtp server =
            server(
                (session, recipient) -> {
                  if (recipient.contains("warm.example")) {
                    take(session);
                    return;
                  }
                  meet(allBegun);
                  session.say("250 Ok\r\n250 Ok\r\n354 Go on\r\n");
                  session.hearBody();
                  meet(allBegun);
                  transactions.set(transactionsOfBodySent());
                  meet(allBegun);
                  session.say("250 2.0.0 Ok: queued\r\n");
                });
        DeliveryFixture house = house(server, 3 * MAILS)) {
      growTo(house, server, MAILS);
      List<Long> ids = house.enqueue(MAILS);
      assertThat(fly(house).rest()).as("nobody was left behind").isEmpty();
      assertThat(transactions.get())
          .as("transactions that made the attempts body_sent")
          .isEqualTo(1);
      assertThat(ids).allSatisfy(id -> assertThat(house.column(id, "state")).isEqualTo("sent"));
      int stored =
          jdbi.withHandle(
              h ->
                  h.createQuery(
                          "SELECT count(DISTINCT xmin::text) FROM work_package"
                              + " WHERE id = ANY(:ids)")
                      .bindArray("ids", Long.class, ids)
                      .mapTo(Integer.class)
                      .one());
      assertThat(stored).as("transactions that stored the answers").isEqualTo(1);
    }
  }

  @Test
  void who_is_refused_or_cut_off_or_slow_holds_up_nobody() throws Exception {
    CountDownLatch othersSettled = new CountDownLatch(1);
    AtomicInteger cuts = new AtomicInteger();
    try (ScriptedSmtp server =
            server(
                (session, recipient) -> {
                  if (recipient.contains("refused@")) {
                    session.say("250 Ok\r\n550 5.1.1 No such user\r\n503 No recipient\r\n");
                  } else if (recipient.contains("cut@") && cuts.incrementAndGet() == 1) {
                    session.reset();
                  } else if (recipient.contains("slow-start@")) {
                    await(othersSettled);
                    take(session);
                  } else if (recipient.contains("slow-end@")) {
                    session.say("250 Ok\r\n250 Ok\r\n354 Go on\r\n");
                    session.hearBody();
                    await(othersSettled);
                    session.say("250 2.0.0 Ok: queued at last\r\n");
                  } else {
                    take(session);
                  }
                });
        DeliveryFixture house = house(server, 18)) {
      growTo(house, server, 6);
      long refused = house.enqueue("refused@example.com");
      long cut = house.enqueue("cut@example.com");
      long slowStart = house.enqueue("slow-start@example.com");
      long slowEnd = house.enqueue("slow-end@example.com");
      long first = house.enqueue("first@example.com");
      long second = house.enqueue("second@example.com");

      Volley volley = fly(house);

      assertThat(house.column(first, "state")).isEqualTo("sent");
      assertThat(house.column(second, "state")).isEqualTo("sent");
      assertThat(volley.rest())
          .extracting(each -> each.workPackage().id())
          .containsExactlyInAnyOrder(refused, cut, slowStart, slowEnd);
      assertThat(volley.rest()).allMatch(Outgoing::isBegun);
      othersSettled.countDown();
      volley.rest().forEach(house::finish);
      assertThat(house.column(refused, "state")).isEqualTo("error");
      assertThat(house.column(cut, "state")).isEqualTo("sent");
      assertThat(house.column(slowStart, "state")).isEqualTo("sent");
      assertThat(house.column(slowEnd, "state")).isEqualTo("sent");
      for (String slow : List.of("slow-start@", "slow-end@")) {
        assertThat(server.commands().stream().filter(each -> each.contains(slow)))
            .as("nothing was begun anew")
            .hasSize(1);
      }
    }
  }

  @Test
  void an_answer_that_comes_late_and_in_pieces_is_read_to_its_end_over_tls_too() throws Exception {
    CountDownLatch othersSettled = new CountDownLatch(1);
    try (ScriptedSmtp server =
            ScriptedSmtp.secured(
                TestCertificate.loopback().server(),
                PIPELINING,
                command -> {
                  if (command.contains("slow@")) {
                    await(othersSettled);
                  }
                  return null;
                });
        DeliveryFixture house = house(server, 6, "opportunistic")) {
      growTo(house, server, 2);
      long slow = house.enqueue("slow@example.com");
      long quick = house.enqueue("quick@example.com");
      Volley volley = fly(house);
      assertThat(house.column(quick, "state")).isEqualTo("sent");
      assertThat(volley.rest()).hasSize(1).allMatch(Outgoing::isBegun);
      othersSettled.countDown();
      volley.rest().forEach(house::finish);
      assertThat(house.column(slow, "state")).isEqualTo("sent");
      assertThat(server.commands().stream().filter(each -> each.contains("slow@"))).hasSize(1);
    }
  }

  @Test
  void what_another_sidecar_took_over_meanwhile_gets_no_final_dot() throws Exception {
    CountDownLatch begun = new CountDownLatch(MAILS);
    CountDownLatch takenOver = new CountDownLatch(1);
    try (ScriptedSmtp server =
            server(
                (session, recipient) -> {
                  if (!recipient.contains("warm.example")) {
                    begun.countDown();
                    await(takenOver);
                  }
                  take(session);
                });
        DeliveryFixture house = house(server, 3 * MAILS)) {
      growTo(house, server, MAILS);
      List<Long> ids = house.enqueue(MAILS);
      long lost = ids.get(2);
      CompletableFuture<Void> other =
          CompletableFuture.runAsync(
              () -> {
                await(begun);
                jdbi.useHandle(
                    h ->
                        h.execute(
                            "UPDATE attempt SET phase = 'lost', ended_at = now()"
                                + " WHERE package_id = ?",
                            lost));
                takenOver.countDown();
              });
      int before = server.bodies().size();
      Volley volley = fly(house);
      other.get(30, TimeUnit.SECONDS);
      assertThat(volley.rest()).extracting(each -> each.workPackage().id()).containsExactly(lost);
      volley.rest().forEach(house::finish);
      assertThat(server.bodies()).as("handed over").hasSize(before + MAILS - 1);
      assertThat(house.column(lost, "state")).isNotEqualTo("sent");
    }
  }

  @Test
  void without_pipelining_each_goes_alone() throws Exception {
    try (ScriptedSmtp server =
            new ScriptedSmtp(
                session -> session.behave(List.of("8BITMIME"), ScriptedSmtp.Answers.USUAL));
        DeliveryFixture house = house(server, 3 * MAILS)) {
      List<Long> ids = house.enqueue(MAILS);
      Volley volley = fly(house);
      assertThat(volley.rest()).hasSize(MAILS).noneMatch(Outgoing::isBegun);
      volley.rest().forEach(house::finish);
      assertThat(ids).allSatisfy(id -> assertThat(house.column(id, "state")).isEqualTo("sent"));
      assertThat(server.bodies()).hasSize(MAILS);
    }
  }

  @Test
  void a_large_mail_goes_alone() throws Exception {
    try (ScriptedSmtp server = server((session, recipient) -> take(session));
        DeliveryFixture house = house(server, 9)) {
      growTo(house, server, 3);
      long large =
          house.enqueue(
              "large@example.com",
              RedeliveryRequest.NONE,
              "x".repeat(900).concat("\r\n").repeat(80));
      long small = house.enqueue("small@example.com");
      Volley volley = fly(house);
      assertThat(volley.rest()).extracting(each -> each.workPackage().id()).containsExactly(large);
      assertThat(house.column(small, "state")).isEqualTo("sent");
      volley.rest().forEach(house::finish);
      assertThat(house.column(large, "state")).isEqualTo("sent");
    }
  }

  @Test
  void what_was_left_behind_counts_as_under_way() throws Exception {
    CountDownLatch slow = new CountDownLatch(1);
    try (ScriptedSmtp server =
            server(
                (session, recipient) -> {
                  if (recipient.contains("slow@")) {
                    await(slow);
                  }
                  take(session);
                });
        DeliveryFixture house = house(server, 1)) {
      house.enqueue("slow@example.com");
      Volley left = fly(house);
      assertThat(left.rest()).hasSize(1);
      long next = house.enqueue("next@example.com");
      CompletableFuture<Volley> waits = CompletableFuture.supplyAsync(() -> fly(house));
      Await.until("the claim of the next one", () -> "sending".equals(house.column(next, "state")));
      assertThat(server.connections()).as("delivery.concurrency = 1").isEqualTo(1);
      slow.countDown();
      left.rest().forEach(house::finish);
      assertThat(waits.get(30, TimeUnit.SECONDS).rest()).isEmpty();
      assertThat(house.column(next, "state")).isEqualTo("sent");
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void volleys_share_what_may_be_under_way() throws Exception {
    try (ScriptedSmtp server =
            new ScriptedSmtp(session -> session.behave(PIPELINING, ScriptedSmtp.Answers.USUAL));
        DeliveryFixture house = house(server, 12)) {
      house.enqueue(10);
      List<Volley> volleys = house.module.sender().volleys(house.module.queue().claim());
      assertThat(volleys).extracting(each -> each.rest().size()).containsExactly(4, 4, 2);
    }
  }

  private int transactionsOfBodySent() {
    return jdbi.withHandle(
        h ->
            h.createQuery(
                    "SELECT count(DISTINCT xmin::text) FROM attempt WHERE phase = 'body_sent'")
                .mapTo(Integer.class)
                .one());
  }
}
