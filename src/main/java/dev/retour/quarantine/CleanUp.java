package dev.retour.quarantine;

/**
 * What the daily clean-up did.
 *
 * @param errorsForgotten addresses with errors that became valid: no error for long enough
 * @param mailboxesReleased addresses with a full mailbox that are tried again
 * @param rowsRemoved rows of valid addresses that were deleted; their history stays
 */
public record CleanUp(int errorsForgotten, int mailboxesReleased, int rowsRemoved) {}
