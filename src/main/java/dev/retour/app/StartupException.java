package dev.retour.app;

/** The engine cannot start or go on. The message is one sentence for the person at the terminal. */
final class StartupException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StartupException(String sentence, Throwable cause) {
    super(sentence, cause);
  }

  StartupException(String sentence) {
    super(sentence);
  }
}
