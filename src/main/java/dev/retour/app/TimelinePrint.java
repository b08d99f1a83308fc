package dev.retour.app;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retour.delivery.RedeliveryPolicy;
import dev.retour.delivery.RedeliveryRequest;
import dev.retour.delivery.RedeliveryTimeline;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A redelivery timeline for people, and for programs.
 *
 * @param message whose validity ends it at the latest; null: none was asked for
 */
record TimelinePrint(
    @Nullable RedeliveryMessage message,
    RedeliveryPolicy policy,
    RedeliveryRequest request,
    RedeliveryTimeline timeline,
    ZoneId zone) {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("EEE uuuu-MM-dd HH:mm:ss.SSS xxx", Locale.ENGLISH);

  String text(Instant queuedAt) {
    StringBuilder text = new StringBuilder(1_000);
    if (message != null) {
      text.append("Message  ").append(message.id()).append(' ');
      text.append(Operator.shown(message.source())).append('\n');
    }
    text.append("Policy   ").append(policy.id()).append(": ");
    text.append(Operator.shown(policy.because())).append('\n');
    if (!request.isEmpty()) {
      text.append("Event    asks for ").append(Operator.shown(request.toString())).append('\n');
    }
    text.append("Queued   ").append(written(queuedAt)).append("  ").append(zone).append('\n');
    for (RedeliveryTimeline.Attempt attempt : timeline.attempts()) {
      text.append(
          String.format(
              Locale.ROOT,
              "%7d  %s  %s%n",
              attempt.number(),
              written(attempt.dueAt()),
              attempt.why()));
    }
    text.append("Ends     ").append(written(timeline.end())).append("  validity\n");
    return text.append("No more  ").append(timeline.ending()).append('\n').toString();
  }

  String json(Instant queuedAt) {
    ObjectNode root = JSON.createObjectNode();
    if (message != null) {
      ObjectNode of = root.putObject("message").put("id", message.id());
      if (message.version() > 0) {
        of.put("version", message.version());
      }
      of.put("source", message.source()).put("validity", message.validity().toString());
    }
    root.put("policy", policy.id());
    root.put("because", policy.because());
    root.put("asked", request.toString());
    root.put("queuedAt", queuedAt.toString());
    root.put("zone", zone.getId());
    for (RedeliveryTimeline.Attempt attempt : timeline.attempts()) {
      root.withArrayProperty("attempts")
          .addObject()
          .put("number", attempt.number())
          .put("dueAt", attempt.dueAt().toString())
          .put("local", written(attempt.dueAt()))
          .put("why", attempt.why());
    }
    root.put("end", timeline.end().toString());
    root.put("ending", timeline.ending());
    return root + "\n";
  }

  private String written(Instant time) {
    return TIME.format(time.atZone(zone));
  }
}
