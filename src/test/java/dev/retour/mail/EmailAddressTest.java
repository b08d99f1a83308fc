package dev.retour.mail;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EmailAddressTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "paula@firm.example              | paula@firm.example",
        "<Paula@Firm.Example>            | Paula@firm.example",
        "\"Meier, Paula\" <p@firm.example> | p@firm.example",
        "rfc822;p@firm.example           | p@firm.example",
        "rfc822; <p@firm.example>:       | p@firm.example",
        "p@firm.example<mailto:p@firm.example> | p@firm.example",
        "<mailto:p@firm.example>         | p@firm.example",
        "'p@firm.example'                | p@firm.example",
        "p@firm.example.                 | p@firm.example",
        "p@firm.example (Paula)          | p@firm.example",
        "p+tag=1@firm.example            | p+tag=1@firm.example",
        "p@bücher.example                | p@xn--bcher-kva.example",
        "p@[192.0.2.1]                   | p@[192.0.2.1]",
        "`\"paula m\"@firm.example`      | `\"paula m\"@firm.example`",
      })
  void an_address_is_found_however_it_is_written(String written, String expected) {
    assertThat(EmailAddress.parse(written).map(EmailAddress::text)).contains(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "paula", "@", "@firm.example", "paula@", "a\r\nb@c.example", "<>"})
  void what_is_no_address_is_refused(String written) {
    assertThat(EmailAddress.parse(written)).isEmpty();
  }

  /** IDNA 2008 by UTS 46, non-transitional; the four deviations are letters of their own. */
  @ParameterizedTest
  @CsvSource({
    "straße.de, xn--strae-oqa.de",
    "STRASSE.de, strasse.de",
    "faß.de, xn--fa-hia.de",
    "fa\u1E9E.de, xn--fa-hia.de",
    "βόλος.com, xn--nxasmm1c.com",
    "Bücher.EXAMPLE, xn--bcher-kva.example",
    "bu\u0308cher.example, xn--bcher-kva.example",
    "bücher\u3002example, xn--bcher-kva.example",
    "日本語。ＪＰ, xn--wgv71a119e.jp",
    "\u0DC1\u0DCA\u200D\u0DBB\u0DD3.com, xn--10cl1a0b660p.com",
    "نامه\u200Cای.com, xn--mgba3gch31f060k.com",
    "אבג.example, xn--4dbcd.example",
    "l\u00B7l.example, xn--ll-0ea.example",
    "xn--bcher-kva.münchen.example, xn--bcher-kva.xn--mnchen-3ya.example",
  })
  void a_domain_of_any_script_has_one_form_and_the_same_key_however_it_is_written(
      String written, String stored) {
    EmailAddress address = EmailAddress.parse("Anna@" + written).orElseThrow();
    assertThat(address.domain()).isEqualTo(stored);
    assertThat(address.key())
        .isEqualTo(EmailAddress.parse("anna@" + stored).orElseThrow().key())
        .isEqualTo("anna@" + stored);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "i❤.ws",
        "\uD83D\uDE00.example",
        "a\u200Db.example",
        "a\u200Cb.example",
        "\u05D0a1\u05D1.example",
        "1\u0628.example",
        "\u0628a.example",
        "l\u00B7x.example",
        "\u0301a.example",
        "-ü.example",
        "ü-.example",
        "ab--ü.example",
        "ü..example",
        "ü_x.example",
        "\u2488com.example",
        "xn--a\u00FC.example",
        "xn--0.ü.example",
        "\uD800ü.example",
        "ü\uFFFD.example",
      })
  void what_no_registry_would_register_is_no_domain(String domain) {
    assertThat(EmailAddress.parse("anna@" + domain)).isEmpty();
  }

  @Test
  void a_label_of_more_than_63_octets_as_it_stands_in_the_dns_is_refused() {
    assertThat(EmailAddress.parse("a@" + "ü".repeat(30) + ".example")).isPresent();
    assertThat(EmailAddress.parse("a@" + "ü".repeat(100) + ".example")).isEmpty();
    assertThat(EmailAddress.parse("a@" + "üa.".repeat(60) + "example")).isEmpty();
  }

  @Test
  void control_characters_cannot_be_smuggled_into_a_header() {
    assertThat(EmailAddress.parse("paula@firm.example\r\nBcc: x@y.example")).isEmpty();
    assertThat(EmailAddress.parse("paula\u0000@firm.example")).isEmpty();
  }

  @Test
  void parts_longer_than_the_protocol_allows_are_refused() {
    assertThat(EmailAddress.parse("a".repeat(64) + "@firm.example")).isPresent();
    assertThat(EmailAddress.parse("a".repeat(65) + "@firm.example")).isEmpty();
    assertThat(EmailAddress.parse("a@" + "b".repeat(300) + ".example")).isEmpty();
  }

  @Test
  void addresses_are_compared_without_regard_to_case() {
    EmailAddress written = EmailAddress.parse("Paula.Meier@FIRM.example").orElseThrow();
    assertThat(written.local()).isEqualTo("Paula.Meier");
    assertThat(written.key()).isEqualTo("paula.meier@firm.example");
  }
}
