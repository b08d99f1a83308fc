package dev.retour.messages;

import java.util.List;
import java.util.stream.Collectors;

/** A set of messages with faults is refused as a whole; the messages in force stay in force. */
public final class MessageSetException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<MessageFault> faults;

  MessageSetException(List<MessageFault> faults) {
    super(
        "The set of messages is refused, "
            + faults.size()
            + " fault(s): "
            + faults.stream().map(MessageFault::toString).collect(Collectors.joining("; ")));
    this.faults = List.copyOf(faults);
  }

  /** Every fault found, in the order of files and lines. */
  public List<MessageFault> faults() {
    return faults;
  }
}
