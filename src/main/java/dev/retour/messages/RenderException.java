package dev.retour.messages;

import dev.retour.config.FileFault;

/**
 * A message cannot be rendered with the data of an event: a template is at fault. Nothing is sent;
 * the event waits until the message is repaired.
 */
public final class RenderException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient FileFault fault;

  public RenderException(FileFault fault) {
    super(fault.toString());
    this.fault = fault;
  }

  public RenderException(FileFault fault, Throwable cause) {
    super(fault.toString(), cause);
    this.fault = fault;
  }

  /** Where the template is at fault, and why. */
  public FileFault fault() {
    return fault;
  }
}
