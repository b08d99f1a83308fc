package dev.retour.mail;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a delivery status notification (RFC 3464), read from their own part or from any
 * text they stand in, with the defects seen in the field: no empty line between groups, empty lines
 * inside them, missing types, continuation lines that are not indented, quoting marks.
 */
final class DeliveryStatus {
  private static final Set<String> KNOWN =
      Set.of(
          "reporting-mta",
          "original-envelope-id",
          "dsn-gateway",
          "received-from-mta",
          "arrival-date",
          "original-recipient",
          "final-recipient",
          "action",
          "status",
          "remote-mta",
          "diagnostic-code",
          "last-attempt-date",
          "final-log-id",
          "will-retry-until",
          "x-actual-recipient",
          "x-original-message-id",
          "x-display-name",
          "x-supplementary-info",
          "localized-reason");
  private static final Set<String> RETURNED = Set.of("received", "return-path", "mime-version");
  private static final String[] NAMES =
      Stream.concat(KNOWN.stream(), RETURNED.stream()).toArray(String[]::new);
  private static final String OTHER = "";

  final Fields message = new Fields();
  final List<Fields> recipients = new ArrayList<>();
  private Fields block = new Fields();
  private @Nullable String name;
  private final StringBuilder value = new StringBuilder();

  private final int valueMax;

  private DeliveryStatus(int valueMax) {
    this.valueMax = valueMax;
  }

  /** Whether a text holds such fields outside the part made for them. */
  static int find(String text) {
    if (text.indexOf("ecipient:") < 0 && text.indexOf("ECIPIENT:") < 0) {
      return -1; // settles most texts at once
    }
    int at = indexOf(text, "final-recipient:");
    if (at < 0) {
      at = indexOf(text, "original-recipient:");
    }
    if (at < 0) {
      return -1;
    }
    int mta = indexOf(text, "reporting-mta:");
    int action = indexOf(text, "action:");
    int first = mta >= 0 && mta < at ? mta : at;
    first = action >= 0 && action < first ? action : first;
    return text.lastIndexOf('\n', first) + 1;
  }

  private static int indexOf(String text, String lower) {
    char first = lower.charAt(0);
    for (int i = 0; i + lower.length() <= text.length(); i++) {
      char c = text.charAt(i);
      if ((c == first || c == first - 32)
          && text.regionMatches(true, i, lower, 0, lower.length())) {
        return i;
      }
    }
    return -1;
  }

  /**
   * Reads a delivery status part.
   *
   * @param valueMax characters kept of one field
   */
  static DeliveryStatus parse(String text, int recipientsMax, int valueMax) {
    DeliveryStatus status = new DeliveryStatus(valueMax);
    for (int from = 0; from < text.length(); ) {
      int end = lineEnd(text, from);
      if (!status.line(text.substring(from, end)) || status.recipients.size() >= recipientsMax) {
        break;
      }
      from = end + (text.startsWith("\r\n", end) ? 2 : 1);
    }
    status.endBlock();
    return status;
  }

  private static int lineEnd(String text, int from) {
    int end = from;
    while (end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
      end++;
    }
    return end;
  }

  private boolean line(String raw) {
    String line = unquoted(raw);
    if (line.isBlank()) {
      endBlock();
      return true;
    }
    String text = line.strip();
    int colon = text.indexOf(':');
    boolean named = colon > 0 && Fields.isName(text, colon);
    String field = named ? nameOf(text, colon) : OTHER;
    boolean indented = Character.isWhitespace(line.charAt(0));
    if (named && (KNOWN.contains(field) || !indented)) {
      if (RETURNED.contains(field)) {
        return false;
      }
      start(field, text.substring(colon + 1).strip());
    } else if (name != null && (indented || name.equals("diagnostic-code"))) {
      if (value.length() < valueMax) {
        value.append(' ').append(text, 0, Math.min(text.length(), valueMax));
      }
    }
    return true;
  }

  /** Without the signs of quoting before it; a line may hold a hundred thousand of them. */
  private static String unquoted(String raw) {
    int begin = 0;
    while (begin < raw.length() && raw.charAt(begin) == '>') {
      begin++;
      while (begin < raw.length() && Character.isWhitespace(raw.charAt(begin))) {
        begin++;
      }
    }
    return raw.substring(begin);
  }

  /** The name before a colon as one of those asked for, so that none is made anew. */
  private static String nameOf(String text, int colon) {
    for (String name : NAMES) {
      if (name.length() == colon && text.regionMatches(true, 0, name, 0, colon)) {
        return name;
      }
    }
    return OTHER;
  }

  private void start(String field, String first) {
    endField();
    boolean again =
        (field.equals("final-recipient") || field.equals("original-recipient")) && block.has(field);
    if (again) {
      endBlock();
    }
    name = field;
    value.append(first, 0, Math.min(first.length(), valueMax));
  }

  private void endField() {
    if (name != null) {
      if (KNOWN.contains(name) && !block.has(name)) { // a block of no more fields than are known
        block.add(name, value.toString());
      }
      name = null;
    }
    value.setLength(0);
  }

  private void endBlock() {
    endField();
    if (block.size() == 0) {
      return;
    }
    boolean person =
        block.has("final-recipient")
            || block.has("original-recipient")
            || block.has("x-actual-recipient");
    if (person) {
      recipients.add(block);
    } else if (!recipients.isEmpty() && lacksAction(recipients.get(recipients.size() - 1))) {
      merge(block, recipients.get(recipients.size() - 1));
    } else {
      merge(block, message);
    }
    block = new Fields();
  }

  private static boolean lacksAction(Fields group) {
    return !group.has("action") || !group.has("status");
  }

  private static void merge(Fields from, Fields into) {
    for (String field : KNOWN) {
      String found = from.first(field);
      if (found != null && !into.has(field)) {
        into.add(field, found);
      }
    }
  }
}
