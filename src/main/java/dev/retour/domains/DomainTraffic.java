package dev.retour.domains;

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
   * The way of a domain's mail as its rule says, asked often and without counting anything: neither
   * suspensions nor limits nor the DNS are looked at.
   */
  Via via(String domain);

  /** True when no rule leads a mail another way than over the relay of the settings. */
  boolean hasOneWay();

  /** Counts an answer. Cheap: it is stored once a second. */
  void result(String domain, Outcome outcome);

  /** No rules and no limits: everything goes over the relay of the settings. */
  static DomainTraffic unlimited() {
    return new Unlimited();
  }

  /** See {@link #unlimited()}. */
  final class Unlimited implements DomainTraffic {
    private static final Admission GO = new Admission.Go(new Route.Smarthost(null));

    private static final Via SMARTHOST = new Via.Smarthost();

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
    public Via via(String domain) {
      return SMARTHOST;
    }

    @Override
    public boolean hasOneWay() {
      return true;
    }

    @Override
    public void result(String domain, Outcome outcome) {
      // Nothing is counted.
    }
  }
}
