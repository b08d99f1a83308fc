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
