package dev.retour.delivery;

import dev.retour.quarantine.GateAnswer;
import org.jspecify.annotations.Nullable;

/**
 * A mail ready to send, or the gate's refusal. Routes branch on {@link #isOpen()}.
 *
 * @param message present when open
 * @param gate present when closed
 */
public record Prepared(
    boolean isOpen, @Nullable PackageMessage message, GateAnswer.@Nullable Closed gate) {

  static Prepared withMessage(PackageMessage message) {
    return new Prepared(true, message, null);
  }

  static Prepared refusedBy(GateAnswer.Closed gate) {
    return new Prepared(false, null, gate);
  }
}
