package dev.retour.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code retour demo}: posts events over all recipients of the sandbox and prints what became of
 * each. They go out in two waves to the same addresses, so that the second shows what the first has
 * taught the quarantine.
 */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description =
        "Posts events over all recipients of the sandbox mail world and prints what"
            + " became of each.")
final class DemoCommand implements Callable<Integer> {
  private static final List<String> RECIPIENTS =
      List.of(
          "ok",
          "unknown",
          "full",
          "greylisted",
          "slow",
          "drop",
          "cut",
          "bounce-later",
          "full-later",
          "complaint",
          "away",
          "spam");
  private static final List<String> MESSAGES = List.of("EVTinvoiceIssued", "EVTcartAbandonment");
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);
  private static final int WAVES = 2;

  @Mixin private SettingsFlags flags = new SettingsFlags();

  @Option(names = "--events", defaultValue = "200", description = "How many (${DEFAULT-VALUE}).")
  private int count;

  @Option(
      names = "--quiet-for",
      defaultValue = "9",
      description = "Done when nothing changed for so many seconds (${DEFAULT-VALUE}).")
  private int quietSeconds;

  @Spec private CommandSpec spec = CommandSpec.create();

  /** An event of this run and where it stands. */
  private static final class Posted {
    private final String recipient;
    private final String email;
    private final String href;
    private JsonNode latest;

    Posted(String recipient, String email, JsonNode answer) {
      this.recipient = recipient;
      this.email = email;
      this.href = answer.path("href").asText();
      this.latest = answer;
    }

    String outcome() {
      String status = latest.path("status").asText();
      String state = latest.path("packageState").asText("");
      String shown =
          switch (state) {
            case "waiting", "uncertain", "ready", "sending" -> status + ", " + state;
            default -> status;
          };
      return latest.hasNonNull("reason") ? shown + ", reason " + latest.get("reason") : shown;
    }
  }

  @Override
  public Integer call() {
    HttpConfig http = HttpConfig.from(flags.read().settings());
    ApiClient api = ApiClient.of(http);
    PrintWriter out = spec.commandLine().getOut();
    String run = Long.toString(ProcessHandle.current().pid(), 36);
    List<Posted> posted = new ArrayList<>();
    int firstWave = (count + WAVES - 1) / WAVES;
    ProgressBar posting = new ProgressBar(System.err, "Posting ", count);
    for (int i = 0; i < count; i++) {
      if (i == firstWave) {
        settle(api, posted);
      }
      posted.add(post(api, i, firstWave, run));
      posting.at(i + 1);
    }
    settle(api, posted);
    for (Posted event : posted) {
      out.printf("%-36s %-40s %s%n", event.email, event.outcome(), fault(event));
    }
    summary(out, posted);
    out.println("The console shows them too: http://" + http.host() + ":" + http.port() + "/");
    out.flush();
    return 0;
  }

  private static Posted post(ApiClient api, int count, int firstWave, String run) {
    int number = count % firstWave;
    String recipient = RECIPIENTS.get(number % RECIPIENTS.size());
    String email = recipient + "+" + run + "-" + number + "@demo.example";
    String type = MESSAGES.get(number / RECIPIENTS.size() % MESSAGES.size());
    ApiClient.Reply sample = api.get("api/v1/event-types/" + type + "/sample");
    if (!(sample.json() instanceof ObjectNode body) || sample.status() != 200) {
      throw new StartupException("No sample for " + type + ": " + sample.json());
    }
    body.put("email", email);
    body.remove(List.of("scheduled", "expiration"));
    if (body.path("document") instanceof ObjectNode document) {
      document.put("id", "DEMO-" + run + "-" + count); // the same one twice would be refused
    }
    ApiClient.Reply answer = api.post("api/v1/events/" + type, body);
    if (answer.status() != 202) {
      throw new StartupException("Event " + type + " was refused: " + answer.json());
    }
    return new Posted(recipient, email, answer.json());
  }

  /** Waits until nothing has changed for a while: bounces come later than answers. */
  private void settle(ApiClient api, List<Posted> posted) {
    ProgressBar settling = new ProgressBar(System.err, "Settling", posted.size());
    Duration quiet = Duration.ZERO;
    Map<String, String> before = new LinkedHashMap<>();
    while (quiet.compareTo(Duration.ofSeconds(quietSeconds)) < 0) {
      LockSupport.parkNanos(LOOK_EVERY.toNanos());
      Map<String, String> now = new LinkedHashMap<>();
      int settled = 0;
      for (Posted event : posted) {
        event.latest = api.get(event.href).json();
        now.put(event.href, event.outcome());
        settled += event.outcome().matches("pending|processing(, ready|, sending)?") ? 0 : 1;
      }
      settling.at(settled);
      quiet =
          now.equals(before) && settled == posted.size() ? quiet.plus(LOOK_EVERY) : Duration.ZERO;
      before = now;
      if (TimeUnit.NANOSECONDS.toMinutes(System.nanoTime() - startedAt) > 3) {
        return;
      }
    }
  }

  private final long startedAt = System.nanoTime();

  private static String fault(Posted event) {
    String fault = event.latest.path("fault").asText("");
    String next = event.latest.path("nextAttemptAt").asText("");
    String shown = fault.length() > 90 ? fault.substring(0, 90) + "…" : fault;
    return next.isEmpty() ? shown : shown + " (again at " + next + ")";
  }

  private static void summary(PrintWriter out, List<Posted> posted) {
    Map<String, Map<String, Integer>> counts = new LinkedHashMap<>();
    for (Posted event : posted) {
      counts
          .computeIfAbsent(event.recipient, recipient -> new TreeMap<>())
          .merge(event.outcome(), 1, Integer::sum);
    }
    out.println();
    counts.forEach(
        (recipient, outcomes) -> {
          List<String> parts = new ArrayList<>();
          outcomes.forEach((outcome, number) -> parts.add(number + " × " + outcome));
          out.printf("%-14s %s%n", recipient + "@", String.join(";  ", parts));
        });
  }
}
