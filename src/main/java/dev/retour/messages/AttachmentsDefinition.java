package dev.retour.messages;

import dev.retour.messages.DocumentDefinition.AttachmentDefinition;

/**
 * Which files an event may carry beside its document.
 *
 * @param each what every one of them must be; required: at least one
 * @param max how many
 * @param totalBytesMax all of them together
 */
record AttachmentsDefinition(AttachmentDefinition each, int max, int totalBytesMax) {}
