package dev.retour.delivery;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Work packages as JSON, the same by HTTP and on the command line. What does not apply is left out;
 * times are ISO 8601 in UTC.
 */
public final class QueueJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private QueueJson() {}

  /** Where a package is found by HTTP. */
  public static String href(long id) {
    return "/api/v1/queue/" + id;
  }

  /** One package without its history. */
  public static ObjectNode of(QueueEntry entry) {
    ObjectNode json = JSON.objectNode().put("id", entry.id()).put("href", href(entry.id()));
    json.put("processor", entry.processor()).put("state", entry.state());
    json.put("recipient", entry.recipient()).put("role", entry.role());
    json.put("message", entry.message());
    put(json, "document", entry.document());
    put(json, "eventId", entry.eventId());
    json.put("priority", entry.priority()).put("generation", entry.generation());
    json.put("attempts", entry.attempts());
    put(json, "created", entry.createdAt());
    put(json, "changed", entry.changedAt());
    put(json, "nextAttempt", entry.dueAt());
    put(json, "validUntil", entry.expiresAt());
    put(json, "leaseOwner", entry.leaseOwner());
    put(json, "leaseUntil", entry.leaseUntil());
    QueueEntry.Trouble failure = entry.failure();
    if (failure != null) {
      ObjectNode trouble = json.putObject("failure");
      put(trouble, "type", failure.type());
      if (failure.reason() != null) {
        trouble.put("reason", failure.reason());
      }
      put(trouble, "text", failure.text());
      put(trouble, "rule", failure.rule());
    }
    QueueEntry.Told told = entry.told();
    put(json, "inCharge", told.inCharge());
    put(json, "told", told.toldAt());
    put(json, "deadline", told.deadline());
    put(json, "deadlineTold", told.deadlineToldAt());
    put(json, "acknowledged", told.acknowledgedAt());
    put(json, "acknowledgedBy", told.acknowledgedBy());
    return json;
  }

  /** One package with all that happened to it. */
  public static ObjectNode of(QueueDetail detail) {
    ObjectNode json = of(detail.entry());
    json.put("subject", detail.subject()).put("messageId", detail.messageId());
    json.put("bytes", detail.bytes()).put("bounces", detail.bounces());
    var attempts = json.putArray("attemptLog");
    for (QueueDetail.Attempt attempt : detail.attempts()) {
      ObjectNode one = attempts.addObject().put("number", attempt.number());
      one.put("owner", attempt.owner()).put("phase", attempt.phase());
      put(one, "started", attempt.startedAt());
      put(one, "bodySent", attempt.bodySentAt());
      put(one, "ended", attempt.endedAt());
      put(one, "reply", attempt.reply());
    }
    var log = json.putArray("log");
    for (QueueDetail.Note note : detail.log()) {
      ObjectNode one = log.addObject();
      put(one, "at", note.at());
      one.put("who", note.who()).put("what", note.what()).put("text", note.text());
    }
    return json;
  }

  /**
   * One page.
   *
   * @param max how many were asked for; when there are as many, there may be more
   */
  public static ObjectNode page(List<QueueEntry> entries, int max) {
    ObjectNode json = JSON.objectNode();
    var list = json.putArray("packages");
    entries.forEach(entry -> list.add(of(entry)));
    if (!entries.isEmpty() && entries.size() >= max) {
      json.put("nextBefore", entries.get(entries.size() - 1).id());
    }
    return json;
  }

  /** What became of one. */
  public static ObjectNode of(QueueOutcome outcome) {
    ObjectNode json = JSON.objectNode().put("id", outcome.id()).put("href", href(outcome.id()));
    json.put("done", outcome.done());
    put(json, "state", outcome.state());
    json.put("sentence", outcome.sentence());
    if (outcome.created() != null) {
      json.put("created", outcome.created()).put("createdHref", href(outcome.created()));
    }
    return json;
  }

  /** What became of many. */
  public static ObjectNode of(QueueDesk.Bulk bulk) {
    ObjectNode json = JSON.objectNode().put("matched", bulk.matched());
    json.put("changed", bulk.changed()).put("refused", bulk.refused());
    var refusals = json.putArray("refusals");
    bulk.refusals().forEach(outcome -> refusals.add(of(outcome)));
    return json;
  }

  private static void put(ObjectNode json, String name, @Nullable Object value) {
    if (value instanceof Instant || value instanceof java.util.UUID || value instanceof String) {
      json.put(name, value.toString());
    }
  }
}
