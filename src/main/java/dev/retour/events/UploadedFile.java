package dev.retour.events;

/**
 * A file that came as a part of a form.
 *
 * @param part the name of the part: whose file it is
 * @param fileName as the part says; any text
 * @param contentType as the part says, without parameters, in lower case
 */
@SuppressWarnings("ArrayRecordComponent") // bytes are handed over, not compared
record UploadedFile(String part, String fileName, String contentType, byte[] bytes) {}
