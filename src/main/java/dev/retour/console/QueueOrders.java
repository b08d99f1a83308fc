package dev.retour.console;

import dev.retour.delivery.QueueAction;
import dev.retour.delivery.QueueOrder;
import dev.retour.mail.EmailAddress;
import java.util.Optional;

/** What somebody wants done to work packages, read from the parameters of a request. */
final class QueueOrders {
  private static final String SETTLE = "settle";

  private QueueOrders() {}

  /**
   * What is asked for; empty when there is no such action.
   *
   * @param action the last part of the path; {@code settle} takes {@code as} and {@code then}
   */
  static Optional<QueueOrder> order(String action, ApiParameters parameters) {
    String name = action.equals(SETTLE) ? settle(parameters) : action;
    boolean shortcut = name.startsWith(SETTLE) && !action.equals(SETTLE);
    Optional<QueueAction> found = shortcut ? Optional.empty() : QueueAction.of(name);
    String who = parameters.all().getOrDefault("by", "");
    return found.map(
        each ->
            new QueueOrder(
                each,
                who.isBlank() ? "api" : "api: " + who,
                each == QueueAction.RECIPIENT ? recipient(parameters) : null));
  }

  private static String settle(ApiParameters parameters) {
    String as = parameters.all().getOrDefault("as", "");
    String then = parameters.all().getOrDefault("then", "error");
    if (as.equals("sent") && !parameters.all().containsKey("then")) {
      return QueueAction.SETTLE_SENT.label();
    }
    if (as.equals("not-sent") && then.equals("waiting")) {
      return QueueAction.SETTLE_AND_RETRY.label();
    }
    if (as.equals("not-sent") && then.equals("error")) {
      return QueueAction.SETTLE_NOT_SENT.label();
    }
    throw new IllegalArgumentException(
        "as must be sent, or not-sent with then=error or then=waiting.");
  }

  private static EmailAddress recipient(ApiParameters parameters) {
    String to = parameters.all().getOrDefault("to", "");
    return EmailAddress.parse(to)
        .orElseThrow(() -> new IllegalArgumentException("to must be one mail address."));
  }
}
