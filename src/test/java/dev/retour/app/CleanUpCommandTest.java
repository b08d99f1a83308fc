package dev.retour.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.store.Database;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./retour clean-up} beside a running store. */
class CleanUpCommandTest {
  @Test
  void what_would_be_removed_is_counted_and_left_alone(@TempDir Path dir) {
    Terminal terminal = new Terminal(dir);
    try (Database database = terminal.store()) {
      database
          .jdbi()
          .useHandle(
              handle ->
                  handle.execute(
                      """
                      INSERT INTO event (id, event_type, email, email_key, payload, request_hash,
                             status, received_at, changed_at)
                      SELECT gen_random_uuid(), 'EVTx', 'a@x.example', 'a@x.example', '{}',
                             ''::bytea, 'ignored', now() - n * interval '366 days',
                             now() - n * interval '366 days' FROM generate_series(1, 3) n"""));
      for (int i = 0; i < 2; i++) {
        assertThat(terminal.beside("clean-up")).isZero();
        assertThat(terminal.out().replaceAll(" +", " "))
            .contains(" 2 events with all of their packages delivery.retention=730d")
            .contains(" 0 mails lose their bytes delivery.raw-retention=90d")
            .contains(" 0 callbacks and digests", "Nothing was changed.");
      }
    }
  }
}
