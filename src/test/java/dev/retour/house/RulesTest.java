package dev.retour.house;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.qualification.RuleSet;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The rule files shipped. */
class RulesTest {
  private static final Path RULES = Path.of("rules", "qualification");

  @Test
  void every_example_is_won_by_its_own_rule() {
    assertThat(RuleSet.check(RULES)).as("faults in the shipped rule files").isEmpty();
  }
}
