package dev.retour.messages;

/**
 * A file that an event names instead of bringing it.
 *
 * @param pointer of the reference in the body (RFC 6901)
 * @param store the id of a configured store; the event type allows it
 * @param key of the file within the store; any text
 * @param bytesMax the longest file the event type takes
 */
public record FileReference(String pointer, String store, String key, int bytesMax) {}
