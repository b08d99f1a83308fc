package dev.retour.sandbox;

/** The sandbox cannot run; the message is one sentence telling the operator what to change. */
public final class SandboxException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public SandboxException(String sentence) {
    super(sentence);
  }

  public SandboxException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
