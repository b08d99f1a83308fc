package dev.retour.delivery;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a returning mail is matched to. */
public record SentPackage(
    long id,
    String recipient,
    String recipientKey,
    String state,
    String messageId,
    @Nullable UUID eventId) {}
