package dev.retour.domains;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What delivery asks and tells: may a mail for this domain go and where to, may a connection be
 * opened, and what the server said.
 */
public interface DomainTraffic {
  /** What became of a mail, as far as it says something about the domain. */
  enum Outcome {
    ACCEPTED,
    /** Refused for good or for now, or none of the domain's servers could be connected to. */
    REFUSED
  }

  /**
   * Asks before a socket opens. For direct delivery this takes one of the messages per hour of the
   * first hop.
   */
  Admission admit(String domain);

  /** Asks for one of the messages per hour of a further hop. */
  Admission admit(String domain, Route.Direct route, Hop next);

  /**
   * Takes one of the connections of a mail exchanger, or says how long to wait. What is taken must
   * be given back by {@link #disconnected}.
   */
  Admission connect(Hop hop);

  /** Gives a connection back that was opened after {@link #connect} said {@code Go}. */
  void disconnected(Hop hop);

  /** The one address that gets all mail for this domain, in tests. */
  Optional<String> redirect(String domain);

  /**
   * The way of a domain's mail over a mailbox, as its rule says; nothing when it goes to the
   * domain's own servers. Asked often: neither suspensions nor limits nor the DNS are looked at.
   */
  Optional<Route> mailbox(String domain);

  /** All ways over mailboxes there are: that of the settings, and those of rules. */
  List<Route> mailboxes();

  /** The domains sending pauses to, or begins again slowly, and how many mails each may get now. */
  Map<String, Suspended> suspended();

  /** Counts an answer. Cheap: it is stored once a second. */
  void result(String domain, Outcome outcome);

  /**
   * A mail that was counted as accepted came back: it counts as refused after all, as long as the
   * window of the domain's rule reaches back to it.
   *
   * @param acceptedAt when the server had taken it
   */
  void bounced(String domain, Instant acceptedAt);

  /** No rules and no limits: everything goes over the relay of the settings. */
  static DomainTraffic unlimited() {
    return new Unlimited();
  }

  /** See {@link #unlimited()}. */
  final class Unlimited implements DomainTraffic {
    private static final Route SMARTHOST = new Route.Smarthost(null);
    private static final Admission GO = new Admission.Go(SMARTHOST);

    private Unlimited() {}

    @Override
    public Admission admit(String domain) {
      return GO;
    }

    @Override
    public Admission admit(String domain, Route.Direct route, Hop next) {
      return new Admission.Go(route);
    }

    @Override
    public Admission connect(Hop hop) {
      return GO;
    }

    @Override
    public void disconnected(Hop hop) {
      // Nothing is counted.
    }

    @Override
    public Optional<String> redirect(String domain) {
      return Optional.empty();
    }

    @Override
    public Optional<Route> mailbox(String domain) {
      return Optional.of(SMARTHOST);
    }

    @Override
    public List<Route> mailboxes() {
      return List.of(SMARTHOST);
    }

    @Override
    public Map<String, Suspended> suspended() {
      return Map.of();
    }

    @Override
    public void result(String domain, Outcome outcome) {
      // Nothing is counted.
    }

    @Override
    public void bounced(String domain, Instant acceptedAt) {
      // Nothing is counted.
    }
  }
}
