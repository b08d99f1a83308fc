package dev.retour.events;

/** What came of fetching a file that an event names. */
sealed interface FileAnswer {
  /** Its bytes. */
  @SuppressWarnings("ArrayRecordComponent") // bytes are handed over, not compared
  record Found(byte[] bytes) implements FileAnswer {}

  /** It is not there, or may not be taken: who asked for it is at fault. */
  record Refused(String expected, String found) implements FileAnswer {}

  /**
   * Where it should be does not answer: the same request may find it later.
   *
   * @param because one sentence
   */
  record Away(String because) implements FileAnswer {}
}
