package dev.retour.messages;

import java.util.Optional;
import java.util.SortedSet;

/** Where messages in force come from. */
interface MessageSource {
  /** The version in force, ready for use; nothing when none is. */
  Optional<EventType> find(String id);

  Standing standing(String id);

  /** All ids of messages in force, sorted. */
  SortedSet<String> ids();
}
