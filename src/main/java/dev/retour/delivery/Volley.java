package dev.retour.delivery;

import java.util.ArrayList;
import java.util.List;

/**
 * Work packages that one thread sends at the same time. Whatever does not go smoothly remains in
 * {@link #rest()}, and goes on alone from where it stands.
 */
public final class Volley {
  private final List<Outgoing> rest;

  Volley(List<ClaimedPackage> claimed) {
    this.rest = new ArrayList<>(claimed.size());
    claimed.forEach(each -> rest.add(new Outgoing(each)));
  }

  /** What is not settled yet. */
  public List<Outgoing> rest() {
    return List.copyOf(rest);
  }

  /** Those the relay took. */
  List<Outgoing> accepted() {
    return rest.stream().filter(Outgoing::isAccepted).toList();
  }

  void settled(List<Outgoing> over) {
    rest.removeAll(over);
  }
}
