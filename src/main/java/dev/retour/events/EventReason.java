package dev.retour.events;

/** Says in one sentence why an event is where it is; every status has one (spec C4). */
final class EventReason {
  private EventReason() {}

  static String of(EventView event) {
    String fault = event.fault() == null ? "" : sentence(event.fault());
    return switch (event.status()) {
      case "pending" ->
          fault.isEmpty()
              ? "It goes out at " + event.dueAt() + "."
              : fault + " It is tried again at " + event.dueAt() + ".";
      case "processing" -> "Its mail is in the queue: " + queued(event) + suffix(fault);
      case "processed" -> "The next server took its mail.";
      case "ignored" -> or(fault, "Its mail was cancelled.");
      case "tooOld" -> or(fault, "Its mail could not be delivered in time.");
      case "deliveryFailed" -> or(fault, "Its mail failed and waits for a person.");
      case "paused" -> or(fault, "Its message is paused.");
      case "routingFailed" -> or(fault, "There is no message for it.");
      case "targetingFailed" -> or(fault, "Its recipient could not be determined.");
      default -> or(fault, "Nothing is known about why.");
    };
  }

  private static String queued(EventView event) {
    return "uncertain".equals(event.packageState())
        ? "nobody knows whether it went out; a person has to settle it."
        : event.nextAttemptAt() == null
            ? "it is being sent."
            : "the next attempt is at " + event.nextAttemptAt() + ".";
  }

  private static String suffix(String fault) {
    return fault.isEmpty() ? "" : " " + fault;
  }

  private static String or(String fault, String otherwise) {
    return fault.isEmpty() ? otherwise : fault;
  }

  private static String sentence(String text) {
    String stripped = text.strip();
    return stripped.isEmpty() || stripped.endsWith(".") ? stripped : stripped + ".";
  }
}
