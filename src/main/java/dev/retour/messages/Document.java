package dev.retour.messages;

import org.jspecify.annotations.Nullable;

/**
 * The ERP document a mail is about (spec A5: together with its version it tells a repetition from a
 * second mail).
 *
 * @param id the ERP's number of the document
 * @param version tells a corrected document from the first one; null when the ERP has none
 * @param attachment the document itself, or null when only its number was sent
 */
public record Document(String id, @Nullable String version, @Nullable Attachment attachment) {}
