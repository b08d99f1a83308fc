package dev.retour.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.sandbox.SandboxClock;
import dev.retour.support.Ports;
import dev.retour.support.TickingClock;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SandboxClockCommandTest {
  @TempDir Path dir;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void it_moves_forward_durably_and_shows_where_it_is() {
    assertThat(run("+24h")).isZero();
    assertThat(run("+90m")).isZero();
    assertThat(run()).isZero();
    assertThat(out.toString()).contains("1d 1h 30m ahead of real time");
    assertThat(SandboxClock.of(dir.resolve("sandbox"), new TickingClock()).offset())
        .isEqualTo(Duration.ofMinutes(25 * 60 + 30));
  }

  @Test
  void it_never_moves_back_and_not_beside_real_mail() {
    assertThat(run("24h")).isOne();
    assertThat(run("+0s")).isOne();
    assertThat(run("+soon")).isOne();
    assertThat(err.toString()).contains("forward only");
    assertThat(run("+24h", "--smtp-host", "relay.example.com")).isOne();
    assertThat(err.toString()).contains("smtp.host is set");
    assertThat(SandboxClock.of(dir.resolve("sandbox"), new TickingClock()).offset()).isZero();
  }

  @Test
  void a_reset_of_a_stopped_engine_needs_a_yes() {
    run("+24h");
    assertThat(run("reset")).isZero();
    assertThat(SandboxClock.of(dir.resolve("sandbox"), new TickingClock()).offset()).isPositive();
    assertThat(run("reset", "--yes")).isZero();
    assertThat(SandboxClock.of(dir.resolve("sandbox"), new TickingClock()).offset()).isZero();
  }

  private int run(String... args) {
    List<String> line = new ArrayList<>(List.of("sandbox", "clock"));
    line.addAll(List.of(args));
    line.addAll(
        List.of(
            "--config", dir.resolve("none.properties").toString(),
            "--data-dir", dir.toString(),
            "--http-port", Integer.toString(Ports.free())));
    picocli.CommandLine command = Main.line(line.toArray(String[]::new));
    command.setOut(new PrintWriter(out));
    command.setErr(new PrintWriter(err));
    return command.execute(line.toArray(String[]::new));
  }
}
