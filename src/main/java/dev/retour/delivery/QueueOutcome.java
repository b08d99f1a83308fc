package dev.retour.delivery;

import org.jspecify.annotations.Nullable;

/**
 * What became of one package that somebody wanted changed.
 *
 * @param done false: nothing was changed
 * @param state where it stands now; null when there is no such package
 * @param sentence what was done, or why not
 * @param created the new package, when one was made
 */
public record QueueOutcome(
    long id, boolean done, @Nullable String state, String sentence, @Nullable Long created) {

  /** Nothing of a mail is left to be sent. */
  static final String GONE =
      "Its mail was removed when " + RetentionConfig.RAW_RETENTION.key() + " was over.";

  static QueueOutcome done(long id, String state, String sentence) {
    return new QueueOutcome(id, true, state, sentence, null);
  }

  static QueueOutcome refused(long id, @Nullable String state, String sentence) {
    return new QueueOutcome(id, false, state, sentence, null);
  }

  /** The package is in a state that does not allow it, or there is none. */
  static QueueOutcome refused(QueueAction action, long id, @Nullable String state) {
    if (state == null) {
      return refused(id, null, "There is no work package " + id + ".");
    }
    if (action == QueueAction.CLEAR_ERROR
        && action.from().contains(state)
        && state.equals("error")) {
      return refused(id, state, GONE + " Cancel it, and have the ERP ask for the document anew.");
    }
    boolean again = action == QueueAction.ACKNOWLEDGE && action.from().contains(state);
    return refused(id, state, again ? "It was acknowledged before." : action.refusal(state));
  }
}
