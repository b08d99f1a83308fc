package dev.retour.messages;

import dev.retour.config.FileFault;
import java.util.List;
import java.util.stream.Collectors;

/** A set of messages with faults is refused as a whole; the messages in force stay in force. */
public final class MessageSetException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<FileFault> faults;

  MessageSetException(List<FileFault> faults) {
    super(
        "The set of messages is refused, "
            + faults.size()
            + " fault(s): "
            + faults.stream().map(FileFault::toString).collect(Collectors.joining("; ")));
    this.faults = List.copyOf(faults);
  }

  /** Every fault found, in the order of files and lines. */
  public List<FileFault> faults() {
    return faults;
  }
}
