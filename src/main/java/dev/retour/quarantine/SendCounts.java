package dev.retour.quarantine;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * What was sent, and what is on its way, for the rules that count; answered by who keeps the work
 * packages. Only mails of events count: neither proofs nor digests.
 */
public interface SendCounts {
  /** For who has no queue. */
  SendCounts NOTHING =
      new SendCounts() {
        @Override
        public Optional<Earlier> same(Handle handle, GateRequest mail, Instant since) {
          return Optional.empty();
        }

        @Override
        public Counted count(Handle handle, GateRequest mail, Scope scope, Instant since) {
          return new Counted(0, 0);
        }
      };

  /**
   * A mail with the same message, recipient and document; without document, of the same fields.
   *
   * @param onItsWay it may still fail; else it was handed over, or may have been
   */
  record Earlier(long packageId, Instant at, boolean onItsWay) {}

  /**
   * Which mails count together.
   *
   * @param messages empty: all
   * @param byDomain those to one domain; else those to one address
   * @param most counting ends there
   */
  record Scope(List<String> messages, boolean byDomain, int most) {
    public Scope {
      messages = List.copyOf(messages);
    }
  }

  /**
   * How many.
   *
   * @param sent handed over, or nobody knows
   * @param onItsWay passed the gate, and may still fail
   */
  record Counted(int sent, int onItsWay) {}

  /** The one that was there before. */
  Optional<Earlier> same(Handle handle, GateRequest mail, Instant since);

  /** How many there are beside this mail. */
  Counted count(Handle handle, GateRequest mail, Scope scope, Instant since);
}
