package dev.retour.console;

import org.jspecify.annotations.Nullable;

/**
 * The body of a request that was read without the server's own handling of forms.
 *
 * @param body null when it was not read
 * @param refusal what is answered then
 */
@SuppressWarnings("ArrayRecordComponent") // bytes are handed over, not compared
public record Upload(byte @Nullable [] body, @Nullable Answer refusal) {}
