package dev.retour.erp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.support.ErpEndpoint;
import dev.retour.support.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shipped routes, in this process and in one that is killed. */
class CallbackRoutesTest {
  private static final long WAIT_SECONDS = 60;
  private final TestDatabase.Named database = TestDatabase.named();
  private final ErpEndpoint erp = new ErpEndpoint();
  private final Main main = new Main();
  private final CallbackFixture house =
      new CallbackFixture(
          database.jdbi(),
          InstantSource.system(),
          InstantSource.system(),
          Map.of("callback.url", erp.url(), "delivery.lease", "3s"));
  @TempDir private Path dir;

  @AfterEach
  void close() {
    main.stop();
    house.close();
    erp.close();
  }

  @Test
  void facts_are_told_by_the_routes_and_a_fault_of_the_database_means_that_they_are_told_again() {
    CallbackProcess.routes(main, house);
    main.start();
    house.cancelled("anna@example.com");
    await(() -> house.states().equals(java.util.List.of("sent")));

    // The answer cannot be stored: the row of the attempt refuses it.
    database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    "ALTER TABLE attempt ADD CONSTRAINT no_answer CHECK (number > 1 OR reply IS NULL"
                        + " OR phase = 'lost') NOT VALID"));
    house.cancelled("berta@example.com");
    await(
        () -> {
          house.house.module.queue().releaseDead();
          return house.states().equals(java.util.List.of("sent", "sent"));
        });

    assertThat(erp.received()).hasSize(3);
    assertThat(erp.received().get(1).header("webhook-id"))
        .isEqualTo(erp.received().get(2).header("webhook-id"));
  }

  @Test
  void a_process_killed_between_claim_and_answer_leaves_a_fact_that_is_told_again_under_its_id()
      throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch killed = new CountDownLatch(1);
    erp.says(
        (got, exchange) -> {
          arrived.countDown();
          try {
            if (!killed.await(WAIT_SECONDS, TimeUnit.SECONDS)) {
              throw new IllegalStateException("nobody was killed");
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    house.cancelled("anna@example.com");
    Process victim = CallbackProcess.start(database.url(), erp.url(), "victim", dir.resolve("log"));
    boolean told = arrived.await(WAIT_SECONDS, TimeUnit.SECONDS);
    victim.destroyForcibly().waitFor();
    killed.countDown();
    assertThat(told).as("told: %s", Files.readString(dir.resolve("log"))).isTrue();
    assertThat(house.states()).containsExactly("sending");

    erp.says(204, "");
    await(() -> house.house.module.queue().releaseDead() == 1);
    assertThat(house.tellDue()).isOne();

    assertThat(house.states()).containsExactly("sent");
    assertThat(erp.received()).hasSize(2);
    assertThat(erp.received().get(0).header("webhook-id"))
        .isEqualTo(erp.received().get(1).header("webhook-id"));
    assertThat(erp.received().get(0).body()).isEqualTo(erp.received().get(1).body());
    assertThat(
            StandardWebhook.verifies(
                erp.received().get(1), CallbackFixture.SECRET, InstantSource.system().instant()))
        .isTrue();
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited too long").isLessThan(end);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
  }
}
