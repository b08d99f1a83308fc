package dev.retour.bounces;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.config.Settings;
import dev.retour.mail.MailConfig;
import dev.retour.mail.ReportReader;
import dev.retour.qualification.QualificationConfig;
import dev.retour.qualification.Qualifier;
import dev.retour.qualification.RuleSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The golden mails of the mail room, read and judged by the rules that are shipped. */
class GoldenDecisionsTest {
  private static final Path MAILS = Path.of("src/test/resources/mails");
  private static final Settings SETTINGS = Settings.of(Map.of());

  private final BounceAssessor assessor =
      new BounceAssessor(
          new ReportReader(MailConfig.from(SETTINGS)),
          new Qualifier(
              RuleSet.load(Path.of("rules/qualification")), QualificationConfig.from(SETTINGS)));

  @Test
  void every_golden_bounce_gets_the_type_and_reason_of_its_line() throws IOException {
    List<String> offenders = new ArrayList<>();
    for (String line : Files.readAllLines(MAILS.resolve("expectations.tsv"))) {
      String[] cells = line.split("\t", -1);
      if (!line.startsWith("#") && cells.length == 7) {
        Assessment found = assessor.assess(Files.readAllBytes(MAILS.resolve(cells[0])));
        String decided =
            listed(found, one -> one.verdict().type().label())
                + " "
                + listed(found, one -> one.verdict().reason().key());
        if (!decided.equals(cells[5] + " " + cells[6])) {
          String rules = listed(found, one -> one.verdict().ruleId());
          offenders.add(
              cells[0] + ": " + cells[5] + " " + cells[6] + " is " + decided + " by " + rules);
        }
      }
    }
    assertThat(offenders).as("bounces decided otherwise than expected").isEmpty();
  }

  @Test
  void every_answer_in_a_report_gets_its_type_and_reason() throws IOException {
    List<String> offenders = new ArrayList<>();
    for (String line : Files.readAllLines(MAILS.resolve("answers.tsv"))) {
      String[] cells = line.split("\t", -1);
      if (!line.startsWith("#")) {
        Assessment found = assessor.assess(report(cells[2], cells[3]));
        String decided =
            listed(found, one -> one.verdict().type().label())
                + " "
                + listed(found, one -> one.verdict().reason().key());
        if (!decided.equals(cells[0] + " " + cells[1])) {
          offenders.add(line + " is " + decided);
        }
      }
    }
    assertThat(offenders).as("answers decided otherwise than expected").isEmpty();
  }

  private static byte[] report(String step, String said) {
    String command =
        switch (step) {
          case "rcpt" -> " (in reply to RCPT TO command)";
          case "data" -> " (in reply to end of DATA command)";
          default -> "";
        };
    return """
        From: MAILER-DAEMON@out.shop.example
        Subject: Undelivered Mail Returned to Sender
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status; boundary="b"

        --b
        Content-Type: text/plain; charset=utf-8

        <paula@firm.example>: %s%s
        --b
        Content-Type: message/delivery-status

        Reporting-MTA: dns; out.shop.example

        Final-Recipient: rfc822; paula@firm.example
        Action: failed
        Diagnostic-Code: smtp; %s
        --b--
        """
        .formatted(said, command, said)
        .getBytes(StandardCharsets.UTF_8);
  }

  private static String listed(Assessment found, Function<Assessment.Judged, String> of) {
    return found.judged().stream().map(of).collect(Collectors.joining(","));
  }
}
