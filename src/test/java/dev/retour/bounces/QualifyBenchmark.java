package dev.retour.bounces;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.config.Settings;
import dev.retour.mail.MailConfig;
import dev.retour.mail.MailKind;
import dev.retour.mail.MailReport;
import dev.retour.mail.ReportReader;
import dev.retour.qualification.QualificationConfig;
import dev.retour.qualification.Qualifier;
import dev.retour.qualification.RuleSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * How fast one thread reads a bounce, and reads and qualifies it, over the golden mails. Not part
 * of the build: {@code ./mvnw test -Dtest=QualifyBenchmark}; the figures stay in {@code
 * target/qualify-benchmark.txt}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(
    value = 2,
    jvmArgs = {"-XX:+UseSerialGC", "-Xmx512m"})
public class QualifyBenchmark {
  private final ReportReader reader = new ReportReader(MailConfig.from(Settings.of(Map.of())));
  private BounceAssessor assessor;
  private byte[][] bounces;
  private int next;

  @Setup
  public void load() throws IOException {
    Settings defaults = Settings.of(Map.of());
    assessor =
        new BounceAssessor(
            reader,
            new Qualifier(
                RuleSet.load(Path.of("rules/qualification")), QualificationConfig.from(defaults)));
    List<byte[]> found = new ArrayList<>();
    try (Stream<Path> below = Files.walk(Path.of("src/test/resources/mails"))) {
      for (Path file : below.filter(path -> path.toString().endsWith(".eml")).sorted().toList()) {
        byte[] raw = Files.readAllBytes(file);
        if (reader.read(raw).kind() == MailKind.BOUNCE) {
          found.add(raw);
        }
      }
    }
    bounces = found.toArray(byte[][]::new);
  }

  private byte[] mail() {
    next = next + 1 == bounces.length ? 0 : next + 1;
    return bounces[next];
  }

  @Benchmark
  public MailReport read() {
    return reader.read(mail());
  }

  @Benchmark
  public Assessment readAndQualify() {
    return assessor.assess(mail());
  }

  @Test
  void mails_a_second() throws RunnerException {
    var options =
        new OptionsBuilder()
            .include(QualifyBenchmark.class.getName())
            .resultFormat(ResultFormatType.TEXT)
            .result("target/qualify-benchmark.txt")
            .build();
    var results = new Runner(options).run();
    assertThat(results)
        .hasSize(2)
        .allSatisfy(result -> assertThat(result.getPrimaryResult().getScore()).isPositive());
  }
}
