package dev.retour.messages;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retour.mail.OnUncertain;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The messages that are shipped. */
class ShippedMessagesTest {
  private static final MessageLibrary LIBRARY = MessageLibrary.load(Path.of("messages"));
  private static final EventType INVOICE = LIBRARY.find("EVTinvoiceIssued").orElseThrow();
  private static final EventType CART = LIBRARY.find("EVTcartAbandonment").orElseThrow();

  @Test
  void both_are_there_and_say_how_to_be_treated() {
    assertThat(LIBRARY.ids()).containsExactly("EVTcartAbandonment", "EVTinvoiceIssued");
    assertThat(INVOICE.onUncertain()).isEqualTo(OnUncertain.HOLD);
    assertThat(CART.onUncertain()).isEqualTo(OnUncertain.RESEND);
    assertThat(INVOICE.validity()).hasDays(5);
    assertThat(INVOICE.priority()).isEqualTo(3);
  }

  @Test
  void samples_are_valid() {
    assertThat(INVOICE.validate(INVOICE.sample())).isEmpty();
    assertThat(CART.validate(CART.sample())).isEmpty();
  }

  @Test
  void invoice_carries_the_very_bytes_of_the_pdf() throws Exception {
    ParsedMail mail = new ParsedMail(MessageFolder.render(INVOICE, INVOICE.sample()));
    byte[] sent = INVOICE.sample().path("document").path("content").binaryValue();
    assertThat(mail.types()).containsExactly("text/plain", "text/html", "application/pdf");
    assertThat(mail.bytes("application/pdf"))
        .isEqualTo(sent)
        .startsWith("%PDF-1.4".getBytes(US_ASCII));
    assertThat(mail.fileName("application/pdf")).isEqualTo("Invoice INV-2026-00117.pdf");
    assertThat(mail.message().getSubject())
        .isEqualTo("Invoice INV-2026-00117 – €1,249.50, due December 5, 2026");
    assertThat(mail.message().getHeader("X-Document")).containsExactly("INV-2026-00117");
    assertThat(mail.text("text/html")).contains("Miller &amp; Sons Ltd").doesNotContain("[=", "[#");
    assertThat(mail.text("text/plain")).contains("Billed to:   Miller & Sons Ltd");
  }

  @Test
  void every_mail_says_that_a_machine_wrote_it() throws Exception {
    ParsedMail mail = new ParsedMail(MessageFolder.render(CART, CART.sample()));
    Map<String, String> expected =
        Map.of(
            "From", "Example Trading Shop <shop@example.com>",
            "To", "ada@customer.example",
            "Reply-To", "service@example.com",
            "Date", "Sat, 21 Nov 2026 08:00:00 +0000",
            "Message-ID", "<1.test@retour.example>",
            "Auto-Submitted", "auto-generated",
            "X-Auto-Response-Suppress", "All",
            "Feedback-ID", "EVTcartAbandonment:mail:transactional:retour");
    for (Map.Entry<String, String> header : expected.entrySet()) {
      assertThat(mail.message().getHeader(header.getKey())).containsExactly(header.getValue());
    }
    assertThat(mail.types()).containsExactly("text/plain", "text/html");
  }

  @Test
  void german_customer_reads_german_words_dates_and_amounts() throws Exception {
    ObjectNode body = INVOICE.sample().deepCopy();
    body.withObjectProperty("ctx").put("language", "de");
    ParsedMail mail = new ParsedMail(MessageFolder.render(INVOICE, body));
    assertThat(mail.message().getSubject())
        .isEqualTo("Rechnung INV-2026-00117 – 1.249,50\u00a0€, fällig am 5. Dezember 2026");
    assertThat(mail.text("text/plain")).contains("Zu zahlen:       1.249,50");
    assertThat(mail.text("text/html")).contains("lang=\"de\"").contains("Rechnung an");
  }

  @Test
  void product_list_shows_at_most_five_products() throws Exception {
    ObjectNode body = CART.sample().deepCopy();
    JsonNode first = body.at("/ctx/items/0");
    for (int i = 0; i < 7; i++) {
      body.withObjectProperty("ctx").withArrayProperty("items").add(first.deepCopy());
    }
    String html = new ParsedMail(MessageFolder.render(CART, body)).text("text/html");
    assertThat(html.split("Quantity", -1)).hasSize(6);
  }

  @Test
  void product_list_falls_back_when_the_cart_is_empty_or_absent() throws Exception {
    for (String ctx : new String[] {"{\"cartId\":\"c\",\"items\":[]}", "{\"cartId\":\"c\"}"}) {
      JsonNode body = MessageFolder.json("{\"email\":\"a@example.org\",\"ctx\":" + ctx + "}");
      ParsedMail mail = new ParsedMail(MessageFolder.render(CART, body));
      assertThat(mail.text("text/html")).contains("Your cart is just as you left it.");
      assertThat(mail.text("text/plain")).contains("Your cart is just as you left it.");
      assertThat(mail.message().getSubject()).isEqualTo("Your cart is waiting for you");
    }
  }
}
