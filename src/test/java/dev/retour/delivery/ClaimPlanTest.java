package dev.retour.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.support.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;
import org.junit.jupiter.api.Test;

/** However much is held or parked, a claim finds what can go by an index on its due time. */
class ClaimPlanTest {
  private static final Instant NOW = Instant.parse("2026-03-28T23:59:58Z");
  private final Jdbi jdbi = TestDatabase.fresh();

  @Test
  void what_is_held_is_not_looked_at_and_what_may_go_of_it_is_found_by_its_name() {
    jdbi.useHandle(
        handle -> {
          new BacklogStore()
              .insert(handle, 3_000, new byte[1], NOW, NOW, NOW.plus(Duration.ofDays(5)));
          handle.execute(
              "UPDATE work_package_open SET held = 'mailbox a' WHERE package_id <= 1900");
          handle.execute(
              "UPDATE work_package_open SET held = '+domain b.example'"
                  + " WHERE package_id BETWEEN 1901 AND 2900");
          new BacklogStore().tidy(handle);
        });
    List<String> head = plan(LeaseStore.MAILS);
    assertThat(head)
        .anyMatch(line -> line.contains("Index Scan using work_package_open_due"))
        .noneMatch(line -> line.contains("work_package_open_held"))
        .noneMatch(line -> line.contains("Seq Scan on work_package_open"));
    assertThat(plan(LeaseStore.MAILS_AND_HELD))
        .anyMatch(line -> line.contains("Index Scan using work_package_open_due"))
        .anyMatch(line -> line.contains("Index Scan using work_package_open_held"))
        .noneMatch(line -> line.contains("Seq Scan on work_package_open"));
    jdbi.useHandle(
        handle ->
            assertThat(new HeldStore().keys(handle))
                .containsExactly("+domain b.example", "mailbox a"));
  }

  /** As the connections of claims plan: see Database.jdbiByIndex. */
  private List<String> plan(String claim) {
    return jdbi.withHandle(
        handle -> {
          handle.execute("SET enable_seqscan = off");
          handle.execute("SET enable_bitmapscan = off");
          Query query =
              handle
                  .createQuery("EXPLAIN (COSTS OFF) " + claim)
                  .bind("now", NOW)
                  .bind("candidates", 80)
                  .bind("most", 40)
                  .bind("max", 20)
                  .bind("owner", "node-a")
                  .bind("until", NOW);
          return (claim.contains(":keys")
                  ? query
                      .bindArray("keys", String.class, List.of("+domain b.example"))
                      .bindArray("mosts", Integer.class, List.of(5))
                      .bind("head", 80)
                  : query)
              .mapTo(String.class)
              .list();
        });
  }
}
