package dev.retour.messages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.config.FileFault;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** In which language a mail is written (spec A4, 7), and how long it may be. */
class LanguageTest {
  private static final String CHAIN =
      """
      languages: {from: [ctx.contactLanguage, partnerLanguage], else: %s}
      fields:
        - {id: contactLanguage, type: string}
        - {id: partnerLanguage, type: string}
        - {id: price, type: number, required: true}
      """;

  @TempDir Path root;

  @ParameterizedTest
  @CsvSource({
    "de, fr, 'de: Kontakt 1.234,5'",
    "de-AT, fr, 'de-AT: Kontakt 1 234,5'",
    "'', fr, 'fr: Contact 1 234,5'",
    "'', '', 'en: Contact 1,234.5'",
    "it, fr, 'fr: Contact 1 234,5'",
    "it, es, 'en: Contact 1,234.5'",
    "en, de, 'en: Contact 1,234.5'",
    "en-GB, de, 'en-GB: Contact 1,234.5'",
    "not-a-language-at-all, de, 'de: Kontakt 1.234,5'",
  })
  void the_first_language_the_message_is_written_in_is_taken(
      String contact, String partner, String expected) throws Exception {
    EventType type = folder("en").load();
    String body =
        "{\"email\":\"a@example.org\",\"ctx\":{\"price\":1234.5%s%s}}"
            .formatted(
                contact.isEmpty() ? "" : ",\"contactLanguage\":\"" + contact + "\"",
                partner.isEmpty() ? "" : ",\"partnerLanguage\":\"" + partner + "\"");
    ParsedMail mail = new ParsedMail(MessageFolder.render(type, MessageFolder.json(body)));
    assertThat(mail.text("text/plain").strip().replaceAll("[\\h\\u202f]", " ")).isEqualTo(expected);
  }

  @Test
  void a_chain_of_fields_that_do_not_exist_is_refused() {
    MessageFolder folder =
        new MessageFolder(root)
            .event(
                "languages: {from: [nobody], else: xx-not-one-at-all-really-not}\nlanguage: de\n"
                    + "fields:\n  - {id: name, type: string, required: true}\n");
    assertThat(folder.faults())
        .extracting(FileFault::text)
        .anySatisfy(text -> assertThat(text).contains("There is no field \"nobody\""))
        .anySatisfy(text -> assertThat(text).contains("leave these out"));
  }

  @Test
  void html_that_mail_readers_would_cut_is_refused() {
    MessageFolder folder =
        new MessageFolder(root).html("<p>" + "0123456789".repeat(1_500) + "</p>");
    assertThat(folder.faults()).isEmpty();
    assertThat(MessageLibrary.check(folder.config(Map.of("messages.html-bytes-max", "12000"))))
        .extracting(FileFault::text)
        .isNotEmpty()
        .allMatch(text -> text.matches("The HTML is \\d+ bytes long; at most 12000 are shown..*"));
  }

  private MessageFolder folder(String last) {
    return new MessageFolder(root)
        .event(CHAIN.formatted(last))
        .html("<p>x</p>")
        .write("EVTtest/subject.txt", "x")
        .write("EVTtest/message.txt", "[=language]: Contact [=ctx.price]")
        .write("EVTtest/subject.de.txt", "x")
        .write("EVTtest/message.de.html", "<p>x</p>")
        .write("EVTtest/message.de.txt", "[=language]: Kontakt [=ctx.price]")
        .write("EVTtest/subject.fr.txt", "x")
        .write("EVTtest/message.fr.html", "<p>x</p>")
        .write("EVTtest/message.fr.txt", "[=language]: Contact [=ctx.price]");
  }
}
