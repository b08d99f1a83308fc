package dev.retour.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.mail.UnsubscribeConfig;
import dev.retour.mail.UnsubscribeLink;
import dev.retour.quarantine.AddressHistoryEntry;
import dev.retour.quarantine.Unsubscription;
import dev.retour.support.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.apache.camel.main.Main;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One-click unsubscribe (RFC 8058) over HTTP, from the link of a mail to the gate. */
class UnsubscribeTest {
  private static final int PORT = Ports.free();
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final String ONE_CLICK = "List-Unsubscribe=One-Click";
  private static final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private static final Main main = new Main();
  private static UnsubscribeFixture it;

  @BeforeAll
  static void start() throws Exception {
    it = new UnsubscribeFixture();
    ConsoleFixture console = new ConsoleFixture(it.jdbi);
    console.beans.forEach(main::bind);
    main.bind("unsubscribePage", it.page);
    main.setPropertyPlaceholderLocations("classpath:none.properties;optional=true");
    main.addOverrideProperty("camel.server.enabled", "true");
    main.addOverrideProperty("camel.server.host", "127.0.0.1");
    main.addOverrideProperty("camel.server.port", Integer.toString(PORT));
    main.addOverrideProperty("camel.server.fileUploadEnabled", "false");
    main.addOverrideProperty(
        "camel.main.routesIncludePattern",
        "file:routes/failure-policies.camel.yaml,file:routes/console/console.camel.yaml,"
            + "file:routes/console/unsubscribe.camel.yaml");
    main.init();
    ConsoleModule.keepCacheControl(main.getCamelContext());
    main.start();
  }

  @AfterAll
  static void stop() {
    main.stop();
    it.close();
  }

  @Test
  void a_mail_program_unsubscribes_by_one_click_and_the_gate_is_closed_for_that_category()
      throws Exception {
    String token = it.token(UnsubscribeFixture.NEWS, "Anna@example.com");
    HttpResponse<String> answer = post(token, FORM, ONE_CLICK);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().map()).doesNotContainKeys("set-cookie", "location");
    assertThat(it.unsubscriptions.list("newsletter", "anna@example.com", 9))
        .extracting(Unsubscription::how)
        .containsExactly(Unsubscription.How.ONE_CLICK);

    assertThat(it.post(UnsubscribeFixture.NEWS, "anna@example.com").status())
        .as("told when it is asked for")
        .isEqualTo("ignored");
    assertThat(it.post(UnsubscribeFixture.OFFERS, "anna@example.com").status())
        .isEqualTo("pending");
    AddressHistoryEntry noted = it.delivery.addresses.history("anna@example.com", 9).get(0);
    assertThat(noted.failureText()).isEqualTo("Unsubscribed from newsletter.");
    assertThat(noted.cause()).isEqualTo("opt-out");
    assertThat(noted.reference()).startsWith("event ");
    assertThat(noted.after()).isEqualTo(noted.before());
  }

  @Test
  void what_was_queued_before_is_kept_back_directly_before_sending() throws Exception {
    String token = it.token(UnsubscribeFixture.NEWS, "berta@example.com");
    it.post(UnsubscribeFixture.NEWS, "berta@example.com");
    it.process();
    post(token, FORM, ONE_CLICK);
    it.delivery.sendDue();
    assertThat(it.sink.taken()).filteredOn(mail -> mail.to().startsWith("berta")).hasSize(1);
  }

  @Test
  void the_other_form_of_the_body_is_taken_too_and_twice_is_once() throws Exception {
    String token = it.token(UnsubscribeFixture.NEWS, "carl@example.com");
    String multipart =
        "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n";
    String type = "multipart/form-data; boundary=b";
    assertThat(post(token, type, multipart).statusCode()).isEqualTo(200);
    assertThat(post(token, type, multipart).statusCode()).isEqualTo(200);
    assertThat(post(token, FORM, ONE_CLICK).statusCode()).isEqualTo(200);
    assertThat(it.unsubscriptions.list(null, "carl@example.com", 9)).hasSize(1);
    assertThat(it.delivery.addresses.history("carl@example.com", 9)).hasSize(1);
  }

  @Test
  void following_the_link_changes_nothing_and_shows_one_button() throws Exception {
    String token = it.token(UnsubscribeFixture.OFFERS, "dora@example.com");
    HttpResponse<String> page = get(token, "de");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(it.unsubscriptions.list(null, "dora@example.com", 9)).isEmpty();
    Document parsed = Jsoup.parse(page.body());
    assertThat(parsed.select("h1").text()).isEqualTo("offers abbestellen?");
    assertThat(parsed.text()).contains("d…@example.com").doesNotContain("dora");
    assertThat(parsed.select("form[method=post] button")).hasSize(1);
    assertThat(parsed.select("[src], link, a, script")).as("no other path is needed").isEmpty();
    assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
        .contains("default-src 'none'", "form-action 'self'", "sha256-")
        .doesNotContain("unsafe");

    HttpResponse<String> done = post(token, FORM, "confirm=yes");
    assertThat(Jsoup.parse(done.body()).select("h1").text()).isEqualTo("You are unsubscribed");
    assertThat(it.unsubscriptions.list("offers", "dora@example.com", 9))
        .extracting(Unsubscription::how)
        .containsExactly(Unsubscription.How.PAGE);
    assertThat(Jsoup.parse(get(token, "en").body()).select("button")).as("done already").isEmpty();
  }

  @Test
  void who_does_not_say_so_is_not_unsubscribed() throws Exception {
    String token = it.token(UnsubscribeFixture.NEWS, "emil@example.com");
    assertThat(post(token, FORM, "").statusCode()).isEqualTo(400);
    assertThat(post(token, FORM, "List-Unsubscribe=no").statusCode()).isEqualTo(400);
    assertThat(post(token, "application/json", "{\"List-Unsubscribe\":\"One-Click\"}").statusCode())
        .isEqualTo(400);
    assertThat(it.unsubscriptions.list(null, "emil@example.com", 9)).isEmpty();
  }

  @Test
  void a_forged_or_foreign_link_says_that_it_is_none() throws Exception {
    String token = it.token(UnsubscribeFixture.NEWS, "fred@example.com");
    char last = token.charAt(10) == 'A' ? 'B' : 'A';
    String forged = token.substring(0, 10) + last + token.substring(11);
    for (String wrong : List.of(forged, token.substring(1), "preview", "x%2F..%2F..", "null")) {
      assertThat(get(wrong, "en").statusCode()).as(wrong).isEqualTo(404);
      assertThat(post(wrong, FORM, ONE_CLICK).statusCode()).as(wrong).isEqualTo(404);
    }
    assertThat(post(token, FORM, ONE_CLICK + "&token=" + forged).statusCode()).isEqualTo(404);
    assertThat(it.unsubscriptions.list(null, "fred@example.com", 9)).isEmpty();
    assertThat(get("preview", "de").body()).contains("Dieser Link ist nicht gültig");
  }

  @Test
  void a_link_that_is_over_or_whose_mail_is_gone_says_so() throws Exception {
    UnsubscribeLink early =
        new UnsubscribeLink(
            new UnsubscribeConfig("https://x.example", Duration.ofDays(1)),
            it.delivery.module.signingKeys());
    java.util.UUID event = it.post(UnsubscribeFixture.NEWS, "gerd@example.com").pkey();
    String over = early.of(event, it.clock.instant().minus(Duration.ofDays(9))).orElseThrow();
    over = over.substring(over.lastIndexOf('/') + 1);
    assertThat(get(over, "en").statusCode()).isEqualTo(410);
    assertThat(post(over, FORM, ONE_CLICK).statusCode()).isEqualTo(410);
    assertThat(it.unsubscriptions.list(null, "gerd@example.com", 9)).isEmpty();

    String gone = early.of(event, it.clock.instant()).orElseThrow();
    it.forget(event);
    assertThat(get(gone.substring(gone.lastIndexOf('/') + 1), "en").body())
        .contains("no longer known here");
  }

  private static HttpResponse<String> get(String token, String language)
      throws IOException, InterruptedException {
    return client.send(
        request(token).header("Accept-Language", language).GET().build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static HttpResponse<String> post(String token, String type, String body)
      throws IOException, InterruptedException {
    return client.send(
        request(token)
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static HttpRequest.Builder request(String token) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + PORT + "/unsubscribe/" + token))
        .timeout(Duration.ofSeconds(20));
  }
}
