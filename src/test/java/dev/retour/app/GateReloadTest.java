package dev.retour.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.retour.config.Settings;
import dev.retour.quarantine.AddressBook;
import dev.retour.quarantine.DomainReach;
import dev.retour.quarantine.Gate;
import dev.retour.quarantine.GateRules;
import dev.retour.quarantine.QuarantineConfig;
import dev.retour.quarantine.SendCounts;
import dev.retour.quarantine.StandingListener;
import dev.retour.support.TestDatabase;
import dev.retour.support.TestSources;
import dev.retour.support.TickingClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Edited rules of the gate are taken up; faulty ones leave the old ones in force. */
class GateReloadTest {
  private static final String RULE =
      "exclusions:\n  - {id: a, messages: EVTa, source: erp, because: x,\n"
          + "     sql: SELECT 1 FROM blocked WHERE email = :email}\n";

  @TempDir Path dir;

  @Test
  void a_change_is_taken_up_and_a_fault_is_named_while_the_old_rules_stay() throws Exception {
    Path file = Files.writeString(dir.resolve("exclusions.rules.yaml"), "limits: []\n");
    TestSources sources = new TestSources();
    TestDatabase.Named erp = TestDatabase.named();
    sources.erp(erp.url());
    Gate gate =
        new AddressBook(
                TestDatabase.fresh(),
                new TickingClock(),
                QuarantineConfig.from(Settings.of(Map.of())),
                new AddressBook.Beside(
                    DomainReach.UNKNOWN,
                    StandingListener.NOBODY,
                    new Gate.Terms(GateRules.load(file), sources, SendCounts.NOTHING)))
            .gate();
    Reloadable reload = RulesReload.gate(file, gate);

    Files.writeString(file, RULE);
    ReloadFaultException refused = catchThrowableOfType(ReloadFaultException.class, reload::reload);
    assertThat(refused.faults()).hasSize(1);
    assertThat(refused.faults().get(0).line()).isEqualTo(2);
    assertThat(refused.faults().get(0).text()).contains("erp", "\"blocked\" does not exist");
    assertThat(gate.names("EVTa")).isFalse();

    erp.jdbi().useHandle(handle -> handle.execute("CREATE TABLE blocked (email text)"));
    reload.reload();
    assertThat(gate.names("EVTa")).isTrue();

    Files.writeString(file, RULE.replace("SELECT 1", "UPDATE x"));
    assertThat(catchThrowableOfType(ReloadFaultException.class, reload::reload).faults())
        .isNotEmpty();
    Files.delete(file);
    assertThat(catchThrowableOfType(ReloadFaultException.class, reload::reload))
        .hasMessageContaining("The file is gone");
    assertThat(gate.names("EVTa")).as("it stays in force").isTrue();
    Files.writeString(file, "");
    reload.reload();
    assertThat(gate.names("EVTa")).isFalse();
  }
}
