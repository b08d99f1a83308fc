package dev.retour.messages;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The files of one message as they are in the folder now, and the shared ones they name: what a
 * publication would make a version of.
 *
 * @param texts by path below the folder of messages
 */
record Draft(String id, SortedMap<String, String> texts) {
  Draft {
    texts = new TreeMap<>(texts);
  }

  byte[] digest() {
    return MessageArchive.digest(texts);
  }
}
