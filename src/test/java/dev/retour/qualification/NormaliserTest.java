package dev.retour.qualification;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NormaliserTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "550 5.1.1 <jane@example.com>: user unknown | 550 5.1.1 <*>: user unknown",
        "550 5.1.1 <x.y+z@a.example>:   user\tunknown | 550 5.1.1 <*>: user unknown",
        "Client host [192.0.2.1] blocked | Client host [#xxx#] blocked",
        "Client host [2001:db8::1] blocked | Client host [#xxx#] blocked",
        "host mx1.example.com said no | host #xxx# said no",
        "Queued as 4FBE12C09A1 | Queued as #xxx#",
        "call +49 89 1234-567 now | call #xxx# now",
        "at Thu, 29 Apr 2021 23:34:45 +0900 it failed | at #xxx# it failed",
        "see https://example.com/x?ip=1 for help | see #xxx# for help",
        "421 4.7.0 [TSS04] Messages deferred | 421 4.7.0 [TSS04] Messages deferred",
        "550-5.7.26 blocked 550-5.7.26 again | 550-5.7.26 blocked 550-5.7.26 again",
        "RESOLVER.ADR.RecipientNotFound; not found | RESOLVER.ADR.RecipientNotFound; not found",
        "550-5.7.1 not accepted 550 5.7.1 see 77 | 550-5.7.1 not accepted 550 5.7.1 see #xxx#",
        "You may try again | You may try again",
      })
  void what_varies_is_replaced_and_what_names_the_kind_stays(String text, String normalised) {
    assertThat(Normaliser.normalise(text)).isEqualTo(normalised);
  }

  @Test
  void two_failures_of_one_kind_meet_in_one_row() {
    assertThat(
            Normaliser.normalise(
                "452-4.2.2 <a@b.example> over quota. mx7.b.example id x13si1234pgj.5 - gsmtp"))
        .isEqualTo(
            Normaliser.normalise(
                "452-4.2.2 <jo@c.example> over quota. in2.c.example id z9sm77abc.81 - gsmtp"));
  }

  @Test
  void only_the_beginning_is_read() {
    assertThat(Normaliser.normalise("word ".repeat(100_000))).hasSizeLessThanOrEqualTo(1_000);
  }
}
