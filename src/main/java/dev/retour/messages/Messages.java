package dev.retour.messages;

import java.util.Optional;
import java.util.SortedSet;

/** The messages in force. What it gives out stays as it is, also while another version follows. */
public final class Messages {
  private final MessageSource source;
  private final PayloadReader reader;

  Messages(MessageSource source, PayloadReader reader) {
    this.source = source;
    this.reader = reader;
  }

  /**
   * The version of a message that is in force, paused or not; hold on to it for as long as one
   * event is worked on. Nothing when none is, or when this one cannot be used (the log says why).
   */
  public Optional<EventType> published(String id) {
    return source.find(id);
  }

  /** Where a message stands, at most a second ago. */
  public Standing standing(String id) {
    return source.standing(id);
  }

  /** The ids of all messages in force, sorted. */
  public SortedSet<String> ids() {
    return source.ids();
  }

  /** Reads the body of a request within the limits of the settings. */
  public PayloadReader.Reading read(byte[] body) {
    return reader.read(body);
  }
}
