package dev.retour.mail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** One mail, one line: {@code src/test/resources/mails/expectations.tsv}. */
class GoldenMailsTest {
  private static final Path MAILS = Path.of("src/test/resources/mails");

  private final ReportReader reader = new ReportReader(MailConfig.from(Settings.of(Map.of())));

  @Test
  void every_golden_mail_is_read_as_its_line_says() throws IOException {
    List<String> offenders = new ArrayList<>();
    for (String line : lines()) {
      String[] cells = Arrays.copyOf(line.split("\t", -1), 5); // what follows is for the decisions
      MailReport report = reader.read(Files.readAllBytes(MAILS.resolve(cells[0])));
      String found = found(report, cells);
      String expected = String.join("\t", cells);
      if (!found.equals(expected)) {
        offenders.add("expected " + expected + "\n  found  " + found + " " + report.evidence());
      }
    }
    assertThat(offenders).as("mails read otherwise than expected").isEmpty();
  }

  @Test
  void every_mail_has_a_line_and_every_line_a_mail() throws IOException {
    try (Stream<Path> files = Files.walk(MAILS)) {
      List<String> found =
          files
              .filter(file -> file.toString().endsWith(".eml"))
              .map(file -> MAILS.relativize(file).toString())
              .sorted()
              .toList();
      List<String> listed = lines().stream().map(line -> line.split("\t", -1)[0]).sorted().toList();
      assertThat(found).isEqualTo(listed);
    }
  }

  private static String found(MailReport report, String[] expected) {
    List<RecipientReport> counted = report.recipients();
    String recipients =
        counted.stream()
            .map(one -> one.finalRecipient().text() + suffix(one.originalRecipient()))
            .collect(Collectors.joining(","));
    String codes =
        expected[3].isEmpty()
            ? ""
            : counted.stream()
                .map(one -> one.status() == null ? "" : one.status())
                .collect(Collectors.joining(","));
    Complaint complaint = report.complaint();
    String said =
        complaint != null
            ? complaint.feedbackType()
            : counted.isEmpty() ? "" : counted.get(0).diagnostic();
    String says = said.contains(expected[4]) ? expected[4] : said;
    return String.join("\t", expected[0], report.kind().label(), recipients, codes, says);
  }

  private static String suffix(@Nullable EmailAddress original) {
    return original == null ? "" : "<" + original.text();
  }

  private static List<String> lines() throws IOException {
    return Files.readAllLines(MAILS.resolve("expectations.tsv")).stream()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .toList();
  }
}
