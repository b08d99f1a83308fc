package dev.retour.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.support.CountingSink;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The measuring commands at a tiny size: they run, print their tables and leave nothing behind. */
class MeasurementsTest {
  @TempDir Path dir;
  private String out = "";

  @AfterEach
  void the_scratch_folder_is_gone() throws Exception {
    try (Stream<Path> left = Files.list(dir)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void claim_prints_few_many_and_their_ratio() {
    assertThat(run("claim", "--parked", "50,500", "--rounds", "10", "--set", "delivery.batch=20"))
        .isZero();
    assertThat(out)
        .contains("10 rounds by turns, 20 packages a claim")
        .containsPattern("(?m)^ +50( +[0-9.]+ ms){4}$")
        .containsPattern("(?m)^ +500( +[0-9.]+ ms){4}$")
        .containsPattern("(?m)^ +ratio( +[0-9.]+){4}$");
    assertThat(run("claim", "--parked", "1")).isEqualTo(2);
  }

  @Test
  void sidecars_claim_every_package_exactly_once() {
    assertThat(run("sidecars", "--packages", "600", "--batch", "10")).as("%s", out).isZero();
    assertThat(out)
        .containsPattern("(?m)^sidecar-1( +[0-9]+){3}$")
        .containsPattern("(?m)^sidecar-2( +[0-9]+){3}$")
        .contains("claimed once 600, twice or more 0, never 0; 600 attempts, 600 claimed in all");
    assertThat(run("sidecars", "--sidecars", "0")).isEqualTo(2);
  }

  @Test
  void deliver_prints_speed_and_dead_rows_as_it_goes() {
    try (CountingSink sink = new CountingSink(true)) {
      assertThat(
              run(
                  "deliver",
                  "--relay",
                  "127.0.0.1:" + sink.port(),
                  "--mails",
                  "300",
                  "--bytes",
                  "500",
                  "--connections",
                  "4",
                  "--report-every",
                  "100",
                  "--set",
                  "delivery.batch=40"))
          .as("%s", out)
          .isZero();
      assertThat(sink.takenInAll()).isEqualTo(300);
    }
    assertThat(out)
        .contains("300 sent, 0 left, 0 otherwise")
        .containsPattern(
            "after +[0-9]+: [0-9,]+ a second; dead rows: attempt [0-9,]+.* work_package [0-9,]+");
  }

  @Test
  void events_go_the_whole_way_and_are_signed_when_asked() {
    try (CountingSink sink = new CountingSink(true)) {
      assertThat(
              run(
                  "events",
                  "--relay",
                  "127.0.0.1:" + sink.port(),
                  "--mails",
                  "60",
                  "--warm-up",
                  "20",
                  "--bytes",
                  "500",
                  "--clients",
                  "3",
                  "--connections",
                  "3",
                  "--dkim"))
          .as("%s", out)
          .isZero();
      assertThat(sink.takenInAll()).isEqualTo(80);
    }
    assertThat(out).contains("60 events of 500 bytes, signed", "end to end 60 sent, 0 otherwise");
  }

  private int run(String... arguments) {
    StringWriter text = new StringWriter();
    PrintWriter writer = new PrintWriter(text, true);
    CommandLine line =
        Main.line("bench")
            .setOut(writer)
            .setErr(writer)
            .setExecutionExceptionHandler(new OneSentence());
    String[] all = Stream.concat(Stream.of("bench"), Stream.of(arguments)).toArray(String[]::new);
    int code = line.execute(all);
    out = text.toString();
    return code;
  }
}
