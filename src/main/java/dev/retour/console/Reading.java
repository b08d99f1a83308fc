package dev.retour.console;

/** What came of asking the database: its state, or that it did not answer. */
sealed interface Reading {
  record Taken(Snapshot snapshot) implements Reading {}

  /** The database did not answer (in time); {@code reason} is its fault in its own words. */
  record Refused(String reason) implements Reading {}
}
