package dev.retour.erp;

import dev.retour.config.ConfigException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The secrets callbacks are signed with now. They are read anew when their file has changed, and at
 * once when the ERP refuses a signature; what cannot be read leaves the known ones in force. No
 * secret is ever logged. Thread-safe.
 */
public final class RotatingSecrets {
  private static final Logger log = LoggerFactory.getLogger(RotatingSecrets.class);

  private final Supplier<CallbackSecrets> source;
  private CallbackSecrets current;

  /**
   * Secrets that can be replaced.
   *
   * @param known as read at start
   * @param source reads them anew; throws {@link ConfigException} when it cannot
   */
  public RotatingSecrets(CallbackSecrets known, Supplier<CallbackSecrets> source) {
    this.current = known;
    this.source = source;
  }

  /** Those that sign now. */
  synchronized CallbackSecrets current() {
    return current;
  }

  /**
   * Reads them anew.
   *
   * @throws ConfigException when that cannot be done; the known ones stay in force
   */
  public synchronized void reload() {
    CallbackSecrets fresh = source.get();
    if (fresh.isEmpty()) {
      throw new ConfigException(
          CallbackConfig.SECRETS.key(), "", "must not become empty: callbacks are signed");
    }
    if (!fresh.equals(current)) {
      log.info("The secrets of callbacks were changed; {} sign from now on.", fresh);
      current = fresh;
    }
  }

  /**
   * The ERP refused a signature by these: others may be there by now.
   *
   * @return what signs now; equal to {@code refused} when nothing else is known
   */
  synchronized CallbackSecrets after(CallbackSecrets refused) {
    if (refused.equals(current)) {
      try {
        reload();
      } catch (ConfigException e) {
        log.warn(
            "The secrets of callbacks cannot be read anew; the known ones sign on. {}",
            String.valueOf(e.getMessage()));
      }
    }
    return current;
  }
}
