package dev.retour.qualification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retour.config.FileFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuleSetTest {
  @TempDir private Path folder = Path.of("");

  @Test
  void all_faults_are_reported_at_once_with_file_and_line() throws IOException {
    write(
        "40-first.rules.yaml",
        """
        - id: full
          text: 'mailbox full'
          type: soft
          reason: mailbox-full
          because: It may be emptied.
          examples: ['552 mailbox full']
        - id: look-ahead
          text: 'a(?=b)'
          type: soft
          reason: refused
          because: x
          examples: ['ab']
        - id: typo
          text: 'xyz'
          tipe: hard
          reason: no-such-reason
          because: x
          examples: ['xyz']
        """);
    write(
        "50-second.rules.yaml",
        """
        - id: full
          text: 'full'
          type: hard
          reason: user-unknown
          because: x
          examples: ['completely full', 'mailbox full']
        - id: no-proof
          text: 'abc'
          type: hard
          reason: user-unknown
        """);

    assertThat(RuleSet.check(folder))
        .extracting(FileFault::file, FileFault::line)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("40-first.rules.yaml", 8),
            org.assertj.core.groups.Tuple.tuple("40-first.rules.yaml", 13),
            org.assertj.core.groups.Tuple.tuple("40-first.rules.yaml", 15),
            org.assertj.core.groups.Tuple.tuple("40-first.rules.yaml", 16),
            org.assertj.core.groups.Tuple.tuple("50-second.rules.yaml", 1),
            org.assertj.core.groups.Tuple.tuple("50-second.rules.yaml", 6),
            org.assertj.core.groups.Tuple.tuple("50-second.rules.yaml", 7),
            org.assertj.core.groups.Tuple.tuple("50-second.rules.yaml", 7));
    assertThat(RuleSet.check(folder))
        .extracting(FileFault::text)
        .anySatisfy(text -> assertThat(text).contains("linear time"))
        .anySatisfy(text -> assertThat(text).contains("Unknown key \"tipe\""))
        .anySatisfy(text -> assertThat(text).contains("rule \"full\" (40-first.rules.yaml:1) wins"))
        .anySatisfy(text -> assertThat(text).contains("has no \"because\""));
  }

  @Test
  void broken_yaml_is_reported_with_its_line() throws IOException {
    write("40-broken.rules.yaml", "- id: a\n  text: 'never closed\n");

    assertThat(RuleSet.check(folder))
        .singleElement()
        .satisfies(fault -> assertThat(fault.text()).startsWith("This is no YAML"));
  }

  @Test
  void a_set_with_a_fault_is_refused_as_a_whole() throws IOException {
    write("40-a.rules.yaml", "- id: a\n");

    assertThatThrownBy(() -> RuleSet.load(folder))
        .isInstanceOfSatisfying(
            RuleSetException.class, e -> assertThat(e.faults()).hasSizeGreaterThan(3));
  }

  @Test
  void a_rule_for_codes_alone_may_not_stand_before_the_words() throws IOException {
    write(
        "40-a.rules.yaml",
        """
        - id: code-too-early
          status: '5.1.1'
          type: hard
          reason: user-unknown
          because: x
          examples: ['550 5.1.1 x']
        """);

    assertThat(RuleSet.check(folder))
        .singleElement()
        .satisfies(fault -> assertThat(fault.text()).contains("must look at text"));
  }

  @Test
  void an_empty_or_missing_folder_is_a_fault_and_no_silence() {
    assertThat(RuleSet.check(folder)).hasSize(1);
    assertThat(RuleSet.check(folder.resolve("missing"))).hasSize(1);
  }

  @Test
  void the_version_changes_with_any_rule() throws IOException {
    write("40-a.rules.yaml", rule("one"));
    String before = RuleSet.load(folder).version();

    write("40-a.rules.yaml", rule("two"));

    assertThat(RuleSet.load(folder).version()).hasSize(12).isNotEqualTo(before);
  }

  private static String rule(String because) {
    return """
        - id: a
          text: 'abc'
          type: soft
          reason: refused
          because: %s
          examples: ['abc']
        """
        .formatted(because);
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }
}
