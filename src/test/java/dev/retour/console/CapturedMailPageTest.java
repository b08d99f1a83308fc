package dev.retour.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.support.TestDatabase;
import java.util.Map;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;

class CapturedMailPageTest {
  private static final String INVOICE =
      """
      From: =?UTF-8?Q?M=C3=BCller_GmbH?= <billing@shop.example>
      To: ok@example.com
      Subject: =?UTF-8?B?UmVjaG51bmcg4oCTIDE3?=
      MIME-Version: 1.0
      Content-Type: multipart/mixed; boundary=outer

      --outer
      Content-Type: multipart/alternative; boundary=inner

      --inner
      Content-Type: text/plain; charset=iso-8859-1
      Content-Transfer-Encoding: quoted-printable

      Gr=FC=DFe <script>
      --inner
      Content-Type: text/html; charset=utf-8

      <p>Grüße</p><script>alert(1)</script><img src="http://tracker.example/x.png">
      --inner--
      --outer
      Content-Type: application/pdf; name="fallback.pdf"
      Content-Disposition: attachment; filename="RE-17 <b>.pdf"
      Content-Transfer-Encoding: base64

      JVBERi0xLjQK
      --outer--
      """
          .replace("\n", "\r\n");

  private final ConsoleFixture console = new ConsoleFixture(TestDatabase.fresh());

  @Test
  void a_mail_is_shown_decoded_and_as_its_source() {
    console.mail("m1", "Rechnung", INVOICE);

    Document page = Jsoup.parse(console.mailPage().page("m1", "en", null).text());

    assertThat(page.select("h1").text()).isEqualTo("Rechnung – 17");
    assertThat(page.select("dl").text()).contains("Müller GmbH <billing@shop.example>");
    assertThat(page.select("pre").get(0).text()).isEqualTo("Grüße <script>");
    assertThat(page.select(".files").text()).contains("RE-17 <b>.pdf", "application/pdf");
    assertThat(page.select(".source").text()).contains("Content-Transfer-Encoding: base64");
    assertThat(page.select("main script, main img")).isEmpty();
  }

  @Test
  void its_html_is_locked_in_twice() {
    console.mail("m1", "Rechnung", INVOICE);

    Document page = Jsoup.parse(console.mailPage().page("m1", "en", null).text());
    Answer html = console.mailPage().html("m1");

    assertThat(page.select("iframe").attr("sandbox")).isEmpty();
    assertThat(page.select("iframe").hasAttr("sandbox")).isTrue();
    assertThat(page.select("iframe").attr("src")).isEqualTo("/console/mails/m1/html");
    assertThat(html.contentType()).isEqualTo("text/html; charset=utf-8");
    assertThat(html.headers().get("Content-Security-Policy"))
        .contains("default-src 'none'", "sandbox", "img-src data:", "form-action 'none'")
        .doesNotContain("script-src", "allow-");
  }

  @Test
  void an_id_that_is_no_id_never_reaches_the_sandbox() {
    for (String id :
        new String[] {"../m1", "..", "a/b", "a\u0000", "", "a b", "x".repeat(101), "%2e", "ä"}) {
      console.sources.put(id, INVOICE);
      assertThat(console.mailPage().page(id, "en", null).status()).as(id).isEqualTo(404);
      assertThat(console.mailPage().html(id).status()).as(id).isEqualTo(404);
    }
    assertThat(console.mailPage().page(null, null, null).status()).isEqualTo(404);
  }

  @Test
  void a_mail_that_is_gone_is_explained() {
    Answer answer = console.mailPage().page("m9", "de", null);

    assertThat(answer.status()).isEqualTo(404);
    assertThat(Jsoup.parse(answer.text()).text()).contains("Diese Mail ist nicht hier");
  }

  @Test
  void a_mail_without_any_structure_still_shows_its_source() {
    console.mail("m1", "", "\u0000\u0001 not a mail at all");
    console.mail("m2", "", "");

    assertThat(Jsoup.parse(console.mailPage().page("m1", "en", null).text()).text())
        .contains("⟨0000⟩⟨0001⟩ not a mail at all", "(no subject)");
    assertThat(console.mailPage().page("m2", "en", null).status()).isEqualTo(200);
  }

  @Test
  void a_mail_nested_without_end_is_read_to_a_limit() {
    StringBuilder nested = new StringBuilder("Subject: deep\r\n");
    for (int i = 0; i < 500; i++) {
      nested
          .append("Content-Type: multipart/mixed; boundary=b")
          .append(i)
          .append("\r\n\r\n--b")
          .append(i)
          .append("\r\n");
    }
    console.mail("deep", "deep", nested.toString());
    console.mail(
        "wide",
        "wide",
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
            + "--b\r\nContent-Type: text/x\r\n\r\nx\r\n".repeat(5_000));

    assertThat(Jsoup.parse(console.mailPage().page("deep", "en", null).text()).text())
        .contains("larger than what is shown");
    Document wide = Jsoup.parse(console.mailPage().page("wide", "en", null).text());
    assertThat(wide.select(".files li")).hasSizeBetween(90, 101);
  }

  @Test
  void a_huge_mail_is_cut_at_the_configured_size() {
    ConsoleFixture small =
        new ConsoleFixture(TestDatabase.fresh(), Map.of("console.mail-bytes-max", "2048"));
    small.mail("big", "big", "Subject: big\r\n\r\n" + "0123456789".repeat(1_000));

    Answer answer = small.mailPage().page("big", "en", null);

    assertThat(answer.body().length).isLessThan(10_000);
    assertThat(Jsoup.parse(answer.text()).select(".notice").text()).contains("10 KB is larger");
  }
}
