package dev.retour.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.support.Ports;
import dev.retour.support.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.camel.main.Main;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The real routes, asked over HTTP. */
class ConsoleRoutesTest {
  private static final int PORT = Ports.free();
  private static final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private static final ConsoleFixture console = new ConsoleFixture(TestDatabase.fresh());
  private static final Main main = new Main();

  @BeforeAll
  static void start() throws Exception {
    console.mail("m1", "Hello", "Subject: Hello\r\nContent-Type: text/html\r\n\r\n<p>Hello</p>");
    console.beans.forEach(main::bind);
    main.bind("broken", new Broken());
    main.setPropertyPlaceholderLocations("classpath:none.properties;optional=true");
    main.addOverrideProperty("camel.server.enabled", "true");
    main.addOverrideProperty("camel.server.host", "127.0.0.1");
    main.addOverrideProperty("camel.server.port", Integer.toString(PORT));
    main.addOverrideProperty("camel.component.direct.block", "false");
    main.addOverrideProperty(
        "camel.main.routesIncludePattern",
        "file:routes/failure-policies.camel.yaml,file:routes/console/console.camel.yaml,"
            + "classpath:dev/retour/console/broken.camel.yaml");
    main.init();
    ConsoleModule.keepCacheControl(main.getCamelContext());
    main.start();
    ConsoleModule.answerRefusals(main.getCamelContext(), PORT, console.errorPages());
  }

  @AfterAll
  static void stop() {
    main.stop();
  }

  /** A bean that fails by surprise. */
  static final class Broken {
    public Answer fail() {
      throw new IllegalStateException("secret inside");
    }
  }

  @Test
  void the_first_page_comes_with_all_it_loads() throws Exception {
    HttpResponse<String> page = get("/");

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html; charset=utf-8");
    assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
        .contains("default-src 'none'")
        .doesNotContain("unsafe");
    assertThat(page.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    assertThat(page.headers().firstValue("Cache-Control")).hasValue("no-store");
    assertThat(page.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
    Document parsed = Jsoup.parse(page.body());
    assertThat(parsed.select("script:not([src]), style, [style], [onclick]")).isEmpty();
    for (String address : parsed.select("[src], link[href]").eachAttr("src")) {
      assertThat(address).startsWith("/assets/");
      assertThat(get(address).statusCode()).as(address).isEqualTo(200);
    }
    assertThat(parsed.select("script[src]")).hasSize(2);
    assertThat(get(parsed.select("#live").attr("hx-get")).statusCode()).isEqualTo(204);
  }

  @Test
  void the_language_is_taken_from_query_and_header() throws Exception {
    assertThat(Jsoup.parse(get("/?lang=de").body()).select("html").attr("lang")).isEqualTo("de");
    HttpResponse<String> preferred =
        send(request("/").header("Accept-Language", "de-CH, en;q=0.5").GET());
    assertThat(Jsoup.parse(preferred.body()).select("html").attr("lang")).isEqualTo("de");
  }

  @Test
  void no_header_of_a_request_comes_back_or_steers_the_answer() throws Exception {
    HttpResponse<String> answer =
        send(
            request("/?CamelHttpResponseCode=201&Location=http://evil.example")
                .header("CamelHttpResponseCode", "302")
                .header("Set-Cookie", "a=b")
                .header("X-Evil", "1")
                .GET());

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().map().keySet())
        .doesNotContain("x-evil", "set-cookie", "location", "X-Evil", "Location");
  }

  @Test
  void values_that_look_like_expressions_stay_values() throws Exception {
    for (String value :
        new String[] {
          "%24%7Bsys.user.home%7D", "null", "%27a%27%2C%27b", "true", "%22%22", "a%00b"
        }) {
      assertThat(get("/?lang=" + value).statusCode()).as(value).isEqualTo(200);
      assertThat(get("/console/live?seen=" + value + "&lang=" + value).statusCode())
          .as(value)
          .isEqualTo(200);
      assertThat(get("/console/mails/" + value).statusCode()).as(value).isEqualTo(404);
    }
    assertThat(get("/console/mails/x?id=m1").statusCode()).isEqualTo(404);
    assertThat(get("/?lang=de&lang=en").statusCode()).isEqualTo(200);
  }

  @Test
  void a_captured_mail_is_opened() throws Exception {
    assertThat(get("/console/mails/m1").body()).contains("<h1><bdi>Hello</bdi></h1>");
    HttpResponse<String> html = get("/console/mails/m1/html");
    assertThat(html.body()).isEqualTo("<p>Hello</p>");
    assertThat(html.headers().firstValue("Content-Security-Policy").orElse("")).contains("sandbox");
  }

  @Test
  void only_listed_files_are_served() throws Exception {
    for (String path :
        new String[] {
          "/assets/console.css",
          "/assets/..%2fwords.properties",
          "/assets/%2e%2e/words.properties",
          "/assets/words.properties"
        }) {
      assertThat(get(path).statusCode()).as(path).isEqualTo(404);
    }
  }

  @Test
  void an_unknown_address_is_a_problem_for_programs_and_a_page_for_people() throws Exception {
    HttpResponse<String> program = get("/api/v9/nothing");
    HttpResponse<String> person = send(request("/nothing").header("Accept", "text/html").GET());

    assertThat(program.statusCode()).isEqualTo(404);
    assertThat(program.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(program.body())
        .isEqualTo(
            """
            {"type":"about:blank","title":"Not Found","status":404,\
            "detail":"There is nothing at this address.","instance":"/api/v9/nothing"}""");
    assertThat(person.statusCode()).isEqualTo(404);
    assertThat(Jsoup.parse(person.body()).select("h1").text()).isEqualTo("404 · Not Found");
  }

  @Test
  void another_method_is_refused_with_405() throws Exception {
    HttpResponse<String> answer = send(request("/").POST(HttpRequest.BodyPublishers.ofString("x")));

    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("Allow")).hasValue("GET");
    assertThat(send(request("/console/mails/m1").DELETE()).statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
  }

  @Test
  void a_surprise_inside_is_a_500_that_tells_nothing_of_the_inside() throws Exception {
    HttpResponse<String> answer = get("/broken");

    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(answer.body())
        .contains("\"status\":500")
        .doesNotContain("secret", "Exception", "broken");
  }

  private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(request(path).GET());
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + PORT + path))
        .timeout(Duration.ofSeconds(10));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
  }
}
