package dev.retour.delivery;

import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A password that is read anew once a server has refused it: repairing the file it stands in is
 * enough, nothing needs a restart (spec A1). Thread-safe.
 */
final class Passwords {
  private static final Logger log = LoggerFactory.getLogger(Passwords.class);

  private final Supplier<Optional<String>> source;
  private String known;
  private boolean refused;

  /**
   * @param known as read at start
   * @param source reads it anew; nothing when it cannot
   */
  Passwords(String known, Supplier<Optional<String>> source) {
    this.known = known;
    this.source = source;
  }

  /** The password to log in with now. */
  synchronized String password() {
    if (refused) {
      refused = false;
      Optional<String> fresh = source.get().filter(text -> !text.isEmpty());
      if (fresh.isPresent() && !fresh.get().equals(known)) {
        log.info("The password for SMTP was changed; it is used from now on.");
        known = fresh.get();
      }
    }
    return known;
  }

  /** A server did not want it. */
  synchronized void refused() {
    refused = true;
  }

  @Override
  public String toString() {
    return "***";
  }
}
