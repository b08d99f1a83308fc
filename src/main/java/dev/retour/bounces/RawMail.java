package dev.retour.bounces;

/**
 * A mail as the mailbox gave it.
 *
 * @param raw its bytes, at most {@code bounces.raw-bytes-max} of them
 * @param totalBytes its size before it was cut
 */
@SuppressWarnings("ArrayRecordComponent") // bytes are handed over, not compared
public record RawMail(byte[] raw, long totalBytes) {}
