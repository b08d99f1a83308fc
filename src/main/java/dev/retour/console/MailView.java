package dev.retour.console;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A mail opened for looking at. All texts are the sender's.
 *
 * @param headers the top header, unfolded, encoded words (RFC 2047) decoded
 * @param text the first text/plain part, decoded
 * @param html the first text/html part, decoded
 * @param attachments the other parts
 * @param tree all parts as they are nested
 * @param source the mail as it came
 * @param cut whether a limit was met, so that something is not shown
 * @param fault why the structure could not be read to its end, if so
 */
record MailView(
    List<Header> headers,
    @Nullable String text,
    @Nullable String html,
    List<Attachment> attachments,
    List<Part> tree,
    String source,
    boolean cut,
    @Nullable String fault) {

  record Header(String name, String value) {}

  /** The subject; empty when there is none. */
  String subject() {
    return headers.stream()
        .filter(header -> header.name().equalsIgnoreCase("subject"))
        .map(Header::value)
        .findFirst()
        .orElse("");
  }

  /**
   * A part, whatever it is.
   *
   * @param depth how deep it is nested; the mail itself 0
   * @param sizeBytes decoded; 0 for what holds other parts
   */
  record Part(int depth, String type, String name, long sizeBytes) {}

  /** A part that is neither the text nor the HTML of the mail. */
  record Attachment(String name, String type, long sizeBytes) {}
}
