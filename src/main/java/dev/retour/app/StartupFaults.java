package dev.retour.app;

import dev.retour.config.ConfigException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.CompletionException;

/** Why a start failed, in one sentence for the person at the terminal. */
final class StartupFaults {
  private static final int CAUSES_MAX = 20;

  private StartupFaults() {}

  /** The rooms' own sentences are kept; anything else is named with its innermost cause. */
  static RuntimeException sentence(Exception thrown) {
    Throwable cause = thrown;
    for (int depth = 0; depth < CAUSES_MAX; depth++) {
      if (cause instanceof ConfigException || cause instanceof StartupException) {
        return (RuntimeException) cause;
      }
      boolean ours = cause.getClass().getName().startsWith("dev.retour.");
      if (ours && cause.getMessage() != null) {
        return new StartupException(cause.getMessage(), thrown);
      }
      if (cause.getCause() == null) {
        break;
      }
      cause = cause.getCause();
    }
    if (thrown instanceof CompletionException && thrown.getCause() instanceof RuntimeException e) {
      return e;
    }
    return new StartupException(
        "Retour cannot start: " + cause.getClass().getSimpleName() + ": " + cause.getMessage(),
        thrown);
  }

  /** Refuses a port that somebody else listens on, before a server half starts on it. */
  static void refuseTakenPort(String host, int port, String key, String flag) {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(host, port));
    } catch (IOException e) {
      throw new StartupException(
          "Port "
              + port
              + " on "
              + host
              + " is in use or not allowed ("
              + e.getMessage()
              + "); is Retour running already? Choose another with "
              + flag
              + " ("
              + key
              + ").",
          e);
    }
  }
}
