package dev.retour.mail;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.retour.bounces.BounceAssessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Mails made to exhaust or confuse whoever reads them, read and judged by the shipped rules. What
 * each takes is written to {@code target/hostile.tsv}; warmed up and on an idle machine none takes
 * more than 50 ms.
 */
class HostileMailTest {
  /**
   * Far above what any takes, for machines that do ten things at once; processor time, not wall.
   */
  private static final double MILLIS_MAX = 500;

  private static final Duration BOUND = Duration.ofSeconds(10);
  private static final int ROUNDS = 2;

  @Test
  void a_hostile_mail_takes_milliseconds_and_gives_a_sound_report() throws IOException {
    BounceAssessor assessor = Fuzzing.assessor();
    List<String> took = new ArrayList<>(List.of("millis\tbytes\tmail"));
    List<String> offenders = new ArrayList<>();
    for (Map.Entry<String, byte[]> mail : HostileMails.all().entrySet()) {
      double millis = Double.MAX_VALUE;
      for (int round = 0; round < ROUNDS; round++) {
        Fuzzing.Outcome outcome =
            assertTimeoutPreemptively(BOUND, () -> Fuzzing.run(assessor, mail.getValue()));
        millis = Math.min(millis, outcome.millis());
        if (outcome.offence() != null) {
          offenders.add(mail.getKey() + ": " + outcome.offence());
        }
      }
      took.add(
          String.format(Locale.ROOT, "%.2f", millis)
              + "\t"
              + mail.getValue().length
              + "\t"
              + mail.getKey());
      if (millis > MILLIS_MAX) {
        offenders.add(mail.getKey() + ": " + millis + " ms");
      }
    }
    Files.writeString(Path.of("target/hostile.tsv"), String.join("\n", took), UTF_8);
    assertThat(offenders).as("hostile mails that took long or were misread").isEmpty();
  }
}
