package dev.retour.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retour.support.TickingClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SandboxClockTest {
  private final TickingClock real = new TickingClock();

  @TempDir Path dir;

  @Test
  void it_is_real_time_until_it_is_moved_and_goes_on_from_there() {
    SandboxClock clock = SandboxClock.of(dir, real);
    Instant start = real.instant();
    assertThat(clock.instant()).isEqualTo(start);
    clock.advance(Duration.ofHours(24));
    real.tick(Duration.ofSeconds(5));
    assertThat(clock.instant()).isEqualTo(start.plus(Duration.ofHours(24).plusSeconds(5)));
  }

  @Test
  void the_offset_outlives_the_process_and_reaches_another_one() {
    SandboxClock running = SandboxClock.of(dir, real);
    SandboxClock command = SandboxClock.of(dir, real);
    command.advance(Duration.ofDays(2));
    assertThat(running.offset()).isZero();
    running.refresh();
    assertThat(running.offset()).isEqualTo(Duration.ofDays(2));
    assertThat(SandboxClock.of(dir, real).offset()).isEqualTo(Duration.ofDays(2));
  }

  @Test
  void time_never_goes_back_in_a_running_engine() {
    SandboxClock running = SandboxClock.of(dir, real);
    running.advance(Duration.ofDays(2));
    SandboxClock.reset(dir);
    running.refresh();
    assertThat(running.offset()).isEqualTo(Duration.ofDays(2));
    assertThatThrownBy(() -> running.advance(Duration.ofHours(-1)))
        .isInstanceOf(SandboxException.class)
        .hasMessageContaining("forward only");
    assertThatThrownBy(() -> running.advance(Duration.ofDays(400)))
        .isInstanceOf(SandboxException.class);
    assertThat(SandboxClock.of(dir, real).offset()).as("after a restart").isZero();
  }

  @Test
  void a_broken_file_is_one_clear_sentence() throws Exception {
    for (String text : new String[] {"", "tomorrow", "PT-5H", "PT99999999999999H"}) {
      Files.writeString(SandboxClock.file(dir), text);
      assertThatThrownBy(() -> SandboxClock.of(dir, real))
          .as(text)
          .isInstanceOf(SandboxException.class)
          .hasMessageContaining("remove it");
    }
  }
}
