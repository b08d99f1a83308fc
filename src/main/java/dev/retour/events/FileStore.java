package dev.retour.events;

/** One configured place whose files events may name by a key. */
interface FileStore {
  String id();

  /**
   * Fetches a file.
   *
   * @param key passed {@link References}: a text without control characters that is no address
   * @param bytesMax a longer file is refused unread
   */
  FileAnswer fetch(String key, int bytesMax);
}
