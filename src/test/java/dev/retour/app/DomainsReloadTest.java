package dev.retour.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.retour.config.Settings;
import dev.retour.domains.Domains;
import dev.retour.domains.DomainsConfig;
import dev.retour.domains.DomainsModule;
import dev.retour.mail.SigningRules;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Edited domain and MX rules are taken up; faulty ones leave the old ones in force. */
class DomainsReloadTest {
  @TempDir Path dir;

  @Test
  void a_change_is_taken_up_and_a_fault_is_named_while_the_old_rules_stay() throws Exception {
    Path rules = dir.resolve("domains.rules.yaml");
    Path mx = dir.resolve("mx.rules.yaml");
    String text = Files.readString(Path.of("rules/domains.rules.yaml"));
    String mxText = Files.readString(Path.of("rules/mx.rules.yaml"));
    Files.writeString(rules, text);
    Files.writeString(mx, mxText);
    DomainsConfig config =
        DomainsConfig.from(
            Settings.of(
                Map.of("domains.rules", rules.toString(), "domains.mx-rules", mx.toString())));
    Domains domains = DomainsModule.load(config, Map.of());
    Reloadable reload = RulesReload.domains(config, domains, () -> {});
    Reloadable reloadMx = RulesReload.mx(config, domains);

    Files.writeString(rules, text.replace("domains: [gmail.com", "domains: [gmail.test"));
    reload.reload();
    assertThat(domains.rules().ruleFor("gmail.test").because()).contains("Google");

    Files.writeString(
        rules,
        text.replace("domains: [gmail.com", "domains: [gmail.test")
            + "  redirect: test@example.com\n  sign: none\n");
    reload.reload();
    assertThat(domains.rules().ruleFor("mac.com").redirect()).isEqualTo("test@example.com");
    assertThat(domains.to("mac.com")).isEqualTo(SigningRules.Wish.NONE);
    Files.writeString(rules, text.replace("suspension: {window", "suspension: {windows"));
    Files.writeString(mx, mxText.replace("connections: 3", "connections: many"));
    ReloadFaultException fault = catchThrowableOfType(ReloadFaultException.class, reload::reload);
    assertThat(fault.faults())
        .anySatisfy(
            each -> {
              assertThat(each.file()).isEqualTo(rules.toString());
              assertThat(each.line()).isPositive();
              assertThat(each.text()).contains("Unknown key \"windows\"");
            });
    assertThat(catchThrowableOfType(ReloadFaultException.class, reloadMx::reload).faults())
        .isNotEmpty();
    assertThat(domains.rules().ruleFor("gmail.test").because()).contains("Google");
    assertThat(domains.mxRules().ruleFor("mx.company.example").connections()).isEqualTo(3);
  }
}
