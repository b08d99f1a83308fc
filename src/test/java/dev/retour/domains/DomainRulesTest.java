package dev.retour.domains;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.retour.config.FileFault;
import dev.retour.config.Secret;
import dev.retour.mail.DkimKeys;
import dev.retour.mail.SigningRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DomainRulesTest {
  private static final String GENERAL =
      """
      - domains: "*"
        because: general
        suspension: {window: 1h, messages: 300, errors: 90%, pause: 3h, probes: 5, ramp: 1m}
      """;

  @TempDir private Path folder = Path.of("");

  @Test
  void the_shipped_rules_have_no_fault_and_know_the_large_providers() {
    DomainRules rules =
        DomainRules.load(Path.of("rules/domains.rules.yaml"), Path.of(""), Map.of());
    MxRules mx = MxRules.load(Path.of("rules/mx.rules.yaml"));

    for (String domain :
        List.of(
            "outlook.com",
            "outlook.de",
            "hotmail.fr",
            "msn.com",
            "live.co.uk",
            "gmail.com",
            "yahoo.co.jp",
            "aol.com",
            "gmx.net",
            "web.de",
            "t-online.de",
            "me.com")) {
      assertThat(rules.ruleFor(domain).masks()).as(domain).doesNotContain("*");
    }
    SuspensionPolicy hotmail = rules.ruleFor("HotMail.com").suspension();
    assertThat(hotmail.messages()).isEqualTo(300);
    assertThat(hotmail.errorPercent()).isEqualTo(90);
    assertThat(hotmail.pause()).isEqualTo(Duration.ofHours(3));
    assertThat(rules.ruleFor("company.example").masks()).containsExactly("*");
    assertThat(mx.ruleFor("gmail-smtp-in.l.google.com").per()).isEqualTo(MxRule.Per.RULE);
    assertThat(mx.ruleFor("MX1.example.org").masks()).containsExactly("*");
  }

  @Test
  void the_most_specific_mask_decides_and_the_rest_is_taken_from_the_general_rule()
      throws IOException {
    DomainRules rules =
        load(
            GENERAL
                + """
                - domains: ["*.example.com", "mail?.example.com"]
                  because: subdomains
                  suspension: {pause: 10m}
                - domains: shop.example.com
                  because: one
                  relay: {host: relay.example.net, port: 587, tls: required,
                          user: shop, password: {env: SHOP_PASSWORD}}
                  redirect: test@example.net
                """);

    assertThat(rules.ruleFor("a.example.com").because()).isEqualTo("subdomains");
    assertThat(rules.ruleFor("a.example.com").suspension().pause())
        .isEqualTo(Duration.ofMinutes(10));
    assertThat(rules.ruleFor("a.example.com").suspension().messages()).isEqualTo(300);
    assertThat(rules.ruleFor("Shop.example.com").via())
        .isEqualTo(
            new Via.Relay(
                "relay.example.net", 587, TlsMode.REQUIRED, "shop", new Secret("geheim", null)));
    assertThat(rules.ruleFor("shop.example.com").via().toString()).doesNotContain("geheim");
    assertThat(rules.ruleFor("shop.example.com").redirect()).isEqualTo("test@example.net");
    assertThat(rules.ruleFor("example.com").because()).isEqualTo("general");
  }

  @Test
  void every_fault_is_named_at_once_with_its_line() {
    List<FileFault> faults =
        faults(
            GENERAL
                + """
                - domains: [a.example, "a b"]
                  because: x
                  suspension: {errors: 900%, pause: soon, colour: red}
                - domains: a.example
                  relay: {host: h, user: u, password: secret, port: 70000}
                  because: x
                - domains: c.example
                  because: x
                  because: y
                  tls: sometimes
                """);

    assertThat(faults)
        .extracting(fault -> fault.line() + " " + fault.text())
        .anySatisfy(text -> assertThat(text).startsWith("4 ").contains("a b"))
        .anySatisfy(text -> assertThat(text).startsWith("6 ").contains("share"))
        .anySatisfy(text -> assertThat(text).startsWith("6 ").contains("\"pause\""))
        .anySatisfy(text -> assertThat(text).startsWith("6 ").contains("colour"))
        .anySatisfy(text -> assertThat(text).startsWith("7 ").contains("line 4"))
        .anySatisfy(text -> assertThat(text).startsWith("8 ").contains("holds no password"))
        .anySatisfy(text -> assertThat(text).startsWith("8 ").contains("65535"))
        .anySatisfy(text -> assertThat(text).startsWith("12 ").contains("twice"))
        .anySatisfy(text -> assertThat(text).startsWith("13 ").contains("sometimes"));
    assertThat(faults.toString()).doesNotContain("secret\"");
  }

  @Test
  void withdrawn_ways_to_sign_are_refused_and_dkim_is_named() throws IOException {
    key("key.pem");
    String sign =
        """
          sign:
            domainkeys: true
            sender-id: true
            dkim: {domain: example.com, selector: s1, key-file: key.pem}
        """;

    assertThat(faults(GENERAL + sign))
        .hasSize(2)
        .allSatisfy(fault -> assertThat(fault.text()).contains("withdrawn").contains("dkim"));
    SigningRules.Wish wish =
        load(GENERAL + sign.replaceAll("(?m)^ +(domainkeys|sender-id).*\\R", ""))
            .ruleFor("x.example")
            .signing();
    assertThat(String.valueOf(wish.dkim())).contains("s1._domainkey.example.com");
    assertThat(wish.smime()).as("not said: as the settings say").isNull();
  }

  @Test
  void a_rule_turns_signing_off_takes_the_settings_or_names_keys() throws IOException {
    Path keys = Files.createDirectories(folder.resolve("keys/example.com"));
    Files.move(key("k.pem"), keys.resolve("s1.2026-01-01.pem"));
    DomainRules rules =
        load(
            GENERAL
                + """
                  sign: {dkim: {keys: keys}, smime: none}
                - {domains: a.example, because: x, sign: none}
                - {domains: b.example, because: x, sign: default}
                - {domains: c.example, because: x, sign: {dkim: none}}
                - {domains: d.example, because: x}
                """);
    assertThat(rules.ruleFor("a.example").signing()).isEqualTo(SigningRules.Wish.NONE);
    assertThat(rules.ruleFor("b.example").signing()).isEqualTo(SigningRules.Wish.AS_SET);
    assertThat(rules.ruleFor("c.example").signing().dkim()).isEqualTo(DkimKeys.NONE);
    assertThat(rules.ruleFor("c.example").signing().smime()).isNull();
    assertThat(String.valueOf(rules.ruleFor("d.example").signing().dkim())).contains("s1");
    assertThat(rules.ruleFor("d.example").signing().smime()).isEmpty();
    assertThat(rules.keyFiles()).containsExactly(folder.resolve("keys"));
  }

  @Test
  void a_key_that_cannot_sign_is_a_fault_of_the_rule() throws IOException {
    Files.writeString(folder.resolve("bad.pem"), "no key");
    Files.writeString(folder.resolve("bad.p12"), "no store");
    List<FileFault> faults =
        faults(
            GENERAL
                + """
                - domains: a.example
                  because: x
                  sign:
                    dkim: {domain: example.com, selector: s, key-file: bad.pem}
                    smime: {key-store: bad.p12, password: {env: SHOP_PASSWORD}}
                - domains: b.example
                  because: x
                  sign: {dkim: {domain: example.com, selector: s, key-file: gone.pem}, smime: yes}
                - {domains: c.example, because: x, sign: sometimes}
                """);
    assertThat(faults)
        .extracting(fault -> fault.line() + " " + fault.text())
        .anySatisfy(text -> assertThat(text).startsWith("7 ").contains("bad.pem", "PKCS #8"))
        .anySatisfy(text -> assertThat(text).startsWith("8 ").contains("bad.p12", "PKCS #12"))
        .anySatisfy(text -> assertThat(text).startsWith("11 ").contains("gone.pem"))
        .anySatisfy(text -> assertThat(text).startsWith("11 ").contains("\"smime\""))
        .anySatisfy(text -> assertThat(text).startsWith("12 ").contains("\"sign\""))
        .hasSize(5);
  }

  @Test
  void a_file_without_a_general_rule_is_refused() {
    assertThat(faults("- {domains: a.example, because: x, relay: direct}"))
        .anySatisfy(fault -> assertThat(fault.text()).contains("no rule for \"*\""));
  }

  @Test
  void the_first_mx_rule_that_fits_decides_and_one_behind_the_general_is_a_fault()
      throws IOException {
    Path file = folder.resolve("mx.yaml");
    String two =
        """
        - mx: ["mx?.example.com", "*.example.com"]
          because: first
          connections: 2
          messages-per-connection: 5
        - mx: "*"
          because: rest
          connections: 1
          messages-per-connection: 5
          messages-per-hour: 10000
        """;
    Files.writeString(file, two);
    MxRules rules = MxRules.load(file);
    assertThat(rules.ruleFor("mx1.example.com").because()).isEqualTo("first");
    assertThat(rules.ruleFor("example.com").because()).isEqualTo("rest");
    assertThat(rules.ruleFor("example.com").messagesInSlot(0)).isEqualTo(833);

    Files.writeString(
        file, two + "- {mx: late.example, because: x, connections: 0, messages-per-connection: 5}");
    assertThat(catchThrowableOfType(DomainRulesException.class, () -> MxRules.load(file)).faults())
        .hasSize(2)
        .allSatisfy(fault -> assertThat(fault.line()).isEqualTo(10));
  }

  private Path key(String name) throws IOException {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
      return Files.writeString(
          folder.resolve(name),
          "-----BEGIN PRIVATE KEY-----\n"
              + Base64.getMimeEncoder()
                  .encodeToString(generator.generateKeyPair().getPrivate().getEncoded())
              + "\n-----END PRIVATE KEY-----\n");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private DomainRules load(String yaml) throws IOException {
    Path file = Files.writeString(folder.resolve("domains.rules.yaml"), yaml);
    return DomainRules.load(file, folder, Map.of("SHOP_PASSWORD", "geheim"));
  }

  private List<FileFault> faults(String yaml) {
    return catchThrowableOfType(DomainRulesException.class, () -> load(yaml)).faults();
  }
}
