package dev.retour.delivery;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What people may do with a work package, and in which states. */
public enum QueueAction {
  /** Due now, whether it failed for good or waits with an error: this is the retry (spec A1). */
  CLEAR_ERROR("error cleared", "error", "waiting"),
  /** Somebody has seen it; nothing else changes. */
  ACKNOWLEDGE("acknowledged", "error", "uncertain", "expired"),
  /** What is queued is due now. */
  RETRY("due now", "ready", "waiting"),
  /** From the next attempt on it goes to another address. */
  RECIPIENT("recipient changed", "ready", "waiting", "error"),
  /** Never sent. */
  CANCEL("cancelled", "ready", "waiting", "error"),
  /** Taken from a sidecar whose lease ran out. */
  RELEASE("released", "sending"),
  /** A person knows that the next server has it. */
  SETTLE_SENT("settled as sent", "uncertain"),
  /** A person knows that the next server does not have it; it waits for the error to be cleared. */
  SETTLE_NOT_SENT("settled as not sent", "uncertain"),
  /** The same, and it is sent at once. */
  SETTLE_AND_RETRY("settled as not sent and due now", "uncertain"),
  /** A new package of the next generation with the same mail: a separate, confirmed action. */
  SEND_AGAIN("sent again", "sent", "expired", "cancelled");

  private final String done;

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<String> from;

  QueueAction(String done, String... from) {
    this.done = done;
    this.from = List.of(from);
  }

  /** As in commands and addresses, e.g. {@code clear-error}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The action of this name. */
  public static Optional<QueueAction> of(String label) {
    return Arrays.stream(values()).filter(each -> each.label().equals(label)).findFirst();
  }

  /** What it did, for a person. */
  public String done() {
    return done;
  }

  /** The states in which it is possible. */
  public List<String> from() {
    return from;
  }

  /** Whether the mail may go out to somebody once more: never without being confirmed. */
  public boolean mustBeConfirmed() {
    return this == SEND_AGAIN;
  }

  /** Why it is not possible in a state. */
  String refusal(String state) {
    if (this == CLEAR_ERROR && (state.equals("waiting") || state.equals("ready"))) {
      return "It is " + state + " already and goes out by itself.";
    }
    if (state.equals("sending")) {
      return "A sidecar is sending it; try again when that attempt has ended.";
    }
    if (state.equals("sent") && this != ACKNOWLEDGE) {
      return "It was sent. Sending it once more is a separate action: send-again.";
    }
    if (state.equals("uncertain")) {
      return "Nobody knows whether it went out; settle it as sent or as not sent first.";
    }
    return "It is "
        + state
        + "; this needs "
        + from.stream().collect(Collectors.joining(" or "))
        + ".";
  }
}
