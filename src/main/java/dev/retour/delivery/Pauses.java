package dev.retour.delivery;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The mailboxes that are paused at one moment, as this sidecar sees it, and the domains. */
final class Pauses {
  static final Pauses NONE = new Pauses(Map.of(), domain -> Optional.empty());

  private final Map<String, Pause> byKey;
  private final Function<String, Optional<String>> keyOf;

  /**
   * @param keyOf what keeps a mail to a domain from going
   */
  Pauses(Map<String, Pause> byKey, Function<String, Optional<String>> keyOf) {
    this.byKey = Map.copyOf(byKey);
    this.keyOf = keyOf;
  }

  boolean isNone() {
    return byKey.isEmpty();
  }

  Collection<Pause> all() {
    return byKey.values();
  }

  /** Null: what waits for it may go. */
  @Nullable Pause byKey(String key) {
    return byKey.get(key);
  }

  /** What a mail to a domain waits for; empty: nothing. */
  Optional<String> keyOf(String domain) {
    return isNone() ? Optional.empty() : keyOf.apply(domain).filter(byKey::containsKey);
  }
}
