package dev.retour.quarantine;

import dev.retour.config.FileFault;
import dev.retour.qualification.Reason;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * What every mail passes, in this order (spec B10, B15): no address 7, denylist 8 and that of its
 * category, quarantine 9, duplicate 10, exclusion rule 11, frequency cap 12, daily limit 17. An
 * allowlisted address (25) passes all but 7 and the list of the category: that one is its owner's
 * own wish. A proof (spec C6) passes all but 7 and 8.
 *
 * <p>A message that no rule names costs one look into a map and no statement.
 */
public final class Gate {
  /**
   * At acceptance, for all that come together; the questions left over are asked before sending.
   */
  private static final Duration LOOK_WITHIN = Duration.ofMillis(200);

  private static final GateAnswer OPEN = new GateAnswer.Open(null);
  private static final GateAnswer ALLOWLISTED = new GateAnswer.Open(Reason.ERROR_IGNORED);

  private final Jdbi jdbi;
  private final ExclusionSources sources;
  private final Exclusions exclusions;
  private final CountingRules counting;
  private final AddressStore addresses = new AddressStore();
  private final UnsubscriptionStore unsubscriptions = new UnsubscriptionStore();
  private volatile GateRules rules;

  /**
   * What a gate asks beside the addresses.
   *
   * @param rules in force at first
   */
  public record Terms(GateRules rules, ExclusionSources sources, SendCounts counts) {
    /** Only the addresses decide. */
    public static final Terms NONE =
        new Terms(GateRules.NONE, ExclusionSources.NONE, SendCounts.NOTHING);
  }

  Gate(Jdbi jdbi, InstantSource clock, Terms terms) {
    this.jdbi = jdbi;
    this.rules = terms.rules();
    this.sources = terms.sources();
    this.exclusions = new Exclusions(terms.sources(), clock);
    this.counting = new CountingRules(jdbi, clock, terms.counts());
  }

  /** The rules in force. */
  public GateRules rules() {
    return rules;
  }

  /** Whether a rule names this message. */
  public boolean names(String message) {
    return !rules.of(message).isEmpty();
  }

  /** Puts other rules in force. */
  public void replace(GateRules checked) {
    rules = checked;
  }

  /** What the sources have against the questions of rules; see {@link GateRules#proved}. */
  public List<FileFault> proved(String file, GateRules checked) {
    return checked.proved(file, sources);
  }

  /**
   * What the addresses say (7, 8, 9, 25), and the lists of the categories: in one statement, and
   * one more when a mail has a category.
   */
  public List<GateAnswer> standing(List<GateRequest> mails) {
    return jdbi.withHandle(handle -> standing(handle, mails));
  }

  /**
   * What the rules of its message say (10, 11, 12, 17) about a mail that is about to be sent, and
   * counts it. To be asked last, and only for a mail {@link #standing} lets pass; may wait for a
   * source, so not for several mails at once.
   *
   * @param standing what the address said
   */
  public GateAnswer passes(GateRequest mail, GateAnswer standing) {
    GateRules.OfMessage named = rules.of(mail.message());
    if (named.isEmpty() || !mindsRules(mail, standing)) {
      return standing;
    }
    if (!named.exclusions().isEmpty()) {
      GateAnswer answer =
          named.duplicates().isEmpty()
              ? OPEN
              : jdbi.withHandle(handle -> counting.duplicates(handle, mail, named));
      answer = answer.isOpen() ? exclusions.ask(named.exclusions(), mail) : answer;
      if (!answer.isOpen()) {
        return answer;
      }
    }
    return named.count() ? counting.pass(mail, named) : OPEN;
  }

  /**
   * The quick look when mails are asked for, at all that {@link #standing} and {@link #passes} look
   * at. What nobody knows yet is open: before sending, all is asked again.
   */
  public List<GateAnswer> look(List<GateRequest> mails) {
    GateRules now = rules;
    List<GateAnswer> standing = standing(mails);
    List<GateAnswer> answers = new ArrayList<>(standing);
    long end = System.nanoTime() + LOOK_WITHIN.toNanos();
    for (int i = 0; i < mails.size(); i++) {
      GateRequest mail = mails.get(i);
      GateRules.OfMessage named = now.of(mail.message());
      if (!named.isEmpty() && mindsRules(mail, standing.get(i))) {
        GateAnswer answer = look(mail, named, System.nanoTime() < end);
        answers.set(i, answer instanceof GateAnswer.Wait ? standing.get(i) : answer);
      }
    }
    return answers;
  }

  private GateAnswer look(GateRequest mail, GateRules.OfMessage named, boolean ask) {
    GateAnswer counted =
        named.count() ? jdbi.withHandle(handle -> counting.look(handle, mail, named)) : OPEN;
    boolean duplicate =
        counted instanceof GateAnswer.Closed closed && closed.reason() == Reason.DOUBLE;
    if (duplicate || !ask || named.exclusions().isEmpty()) {
      return counted;
    }
    GateAnswer answer = exclusions.ask(named.exclusions(), mail);
    return answer instanceof GateAnswer.Closed ? answer : counted;
  }

  private static boolean mindsRules(GateRequest mail, GateAnswer standing) {
    return mail.purpose() == GateRequest.Purpose.MAIL
        && standing instanceof GateAnswer.Open open
        && open.note() == null;
  }

  private List<GateAnswer> standing(Handle handle, List<GateRequest> mails) {
    Map<String, AddressState> states =
        addresses.states(
            handle, mails.stream().map(GateRequest::addressKey).collect(Collectors.toSet()));
    Set<UnsubscriptionStore.Key> left =
        unsubscriptions.among(
            handle,
            mails.stream()
                .map(UnsubscriptionStore.Key::of)
                .flatMap(Optional::stream)
                .collect(Collectors.toSet()));
    Function<GateRequest, Boolean> hasLeft =
        mail -> UnsubscriptionStore.Key.of(mail).filter(left::contains).isPresent();
    return mails.stream()
        .map(
            mail ->
                standing(
                    mail,
                    states.getOrDefault(mail.addressKey(), AddressState.VALID),
                    hasLeft.apply(mail)))
        .toList();
  }

  private static GateAnswer standing(
      GateRequest mail, @Nullable AddressState known, boolean hasLeft) {
    AddressState state = known == null ? AddressState.VALID : known;
    if (mail.addressKey().isBlank()) {
      return new GateAnswer.Closed(Reason.ADDRESS_NOT_SPECIFIED, "There is no address to send to.");
    }
    if (state == AddressState.DENYLISTED) {
      return new GateAnswer.Closed(
          Reason.ADDRESS_ON_DENYLIST,
          "The address is on the denylist; only a person can take it off.");
    }
    if (hasLeft) {
      return new GateAnswer.Closed(
          Reason.ADDRESS_ON_DENYLIST,
          "The recipient unsubscribed from " + mail.category() + "; other mails go on.");
    }
    if (state == AddressState.ALLOWLISTED) {
      return ALLOWLISTED;
    }
    return state == AddressState.QUARANTINED && mail.purpose() != GateRequest.Purpose.PROOF
        ? new GateAnswer.Closed(
            Reason.ADDRESS_IN_QUARANTINE,
            "The address is in quarantine; release it once it is known to work again.")
        : OPEN;
  }
}
