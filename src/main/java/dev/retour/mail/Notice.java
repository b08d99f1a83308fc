package dev.retour.mail;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The words of the one who wrote the mail, parted from the mail they returned.
 *
 * @param lines what they wrote, without what was returned
 * @param returned header of the returned mail as far as the mail shows it, or null
 */
record Notice(List<String> lines, @Nullable Fields returned) {
  private static final int LINE_MAX = 2_000;
  private static final int MARKER_MAX = 120;
  private static final int MARKER_MIN = 4;
  private static final int MARKER_LEAD_MAX = 16;
  private static final int DRAWN_MIN = 3;
  private static final String ORIGINAL = "original message";

  /** Headings that stand above a returned mail only when drawn and when its header follows. */
  private static final Set<String> OWN_MESSAGE =
      Set.of(
          "your message",
          "your mail",
          "your e-mail",
          "your email",
          "the message",
          "message",
          "mail",
          "ihre nachricht",
          "ihre e-mail",
          "votre message",
          "su mensaje",
          "sua mensagem",
          "il messaggio",
          "uw bericht",
          "ваше письмо",
          "ваше сообщение");

  private static final Set<String> RETURNED_FIRST =
      Set.of(
          "received",
          "x-received",
          "return-path",
          "dkim-signature",
          "domainkey-signature",
          "arc-seal",
          "message-id",
          "mime-version",
          "delivered-to",
          "x-originating-ip",
          "x-google-smtp-source",
          "x-mailer",
          "authentication-results");

  String text() {
    return String.join("\n", lines);
  }

  static Notice of(Entity mail, MailConfig limits) {
    Entity enclosed = mail.returned();
    String words = words(mail, enclosed, limits.textBytesMax());
    List<String> all = lines(shown(words));
    int end = endOfWords(all);
    Fields returned = enclosed == null ? null : header(enclosed, limits);
    if (returned == null && end < all.size()) {
      String rest = String.join("\n", all.subList(firstField(all, end), all.size()));
      returned = Fields.parse(rest, limits.headersMax(), limits.headerBytesMax());
    }
    return new Notice(List.copyOf(all.subList(0, end)), returned);
  }

  /**
   * What is known of the mail a notice is about.
   *
   * @param id its Message-ID when that is known otherwise
   */
  static MailReport.Original original(
      @Nullable Fields returned, @Nullable String id, int recipientsMax) {
    if (returned == null) {
      return id == null
          ? MailReport.Original.UNKNOWN
          : new MailReport.Original(id, null, List.of());
    }
    List<EmailAddress> to = new ArrayList<>();
    returned.collect("to", to, recipientsMax);
    String known = id == null ? returned.messageId("message-id") : id;
    return new MailReport.Original(known, returned.address("return-path"), to);
  }

  /** Nothing that moves a cursor or rings a bell where the words are shown. */
  private static String shown(String words) {
    int at = 0;
    while (at < words.length() && !isControl(words.charAt(at))) {
      at++;
    }
    if (at == words.length()) {
      return words;
    }
    char[] shown = words.toCharArray();
    for (int i = at; i < shown.length; i++) {
      shown[i] = isControl(shown[i]) ? ' ' : shown[i];
    }
    return new String(shown);
  }

  private static boolean isControl(char c) {
    return c < ' ' ? c != '\n' && c != '\r' && c != '\t' : c >= 127 && c < 160;
  }

  /** As {@link String#lines}, without a stream; overlong lines in parts. */
  private static List<String> lines(String words) {
    List<String> all = new ArrayList<>();
    int carriage = -1;
    int linefeed = -1;
    for (int from = 0; from < words.length(); ) {
      carriage = carriage < from ? indexOf(words, '\r', from) : carriage;
      linefeed = linefeed < from ? indexOf(words, '\n', from) : linefeed;
      int end = Math.min(carriage, linefeed);
      wrap(words.substring(from, end), all);
      from = end + (linefeed == carriage + 1 ? 2 : 1);
    }
    return all;
  }

  private static int indexOf(String text, char c, int from) {
    int at = text.indexOf(c, from);
    return at < 0 ? text.length() : at;
  }

  /** A line without end is many: what is asked of each line looks at a bounded stretch. */
  private static void wrap(String line, List<String> into) {
    int from = 0;
    while (line.length() - from > LINE_MAX) {
      int blank = line.lastIndexOf(' ', from + LINE_MAX);
      int to = blank > from ? blank : from + LINE_MAX;
      into.add(line.substring(from, to));
      from = to;
    }
    into.add(from == 0 ? line : line.substring(from));
  }

  private static Fields header(Entity enclosed, MailConfig limits) {
    if (!enclosed.children.isEmpty()) {
      return enclosed.children.get(0).fields;
    }
    return Fields.parse(enclosed.body, limits.headersMax(), limits.headerBytesMax());
  }

  private static String words(Entity mail, @Nullable Entity enclosed, int max) {
    StringBuilder plain = new StringBuilder(0);
    StringBuilder html = new StringBuilder(0);
    for (Entity part : mail.own()) {
      if (part == enclosed) {
        break;
      }
      boolean words = part.type.startsWith("text/") || part.type.startsWith("multipart/");
      StringBuilder into = part.type.equals("text/html") ? html : plain;
      if (words && into.length() < max && !part.body.isBlank()) {
        into.ensureCapacity(part.body.length() + 1); // mostly there is one such part
        into.append(part.body).append('\n');
      }
    }
    String text = plain.toString();
    if (html.length() > 0 && text.isBlank()) {
      return HtmlText.of(html.toString());
    }
    return text.startsWith("<html") || text.startsWith("<!DOCTYPE html") ? HtmlText.of(text) : text;
  }

  private static int endOfWords(List<String> lines) {
    boolean named = false;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (isMarker(lines, i) && (named || isDrawn(line))) {
        return i;
      }
      if (isReturnedField(line) && isHeader(lines, i)) {
        return firstOfHeader(lines, i);
      }
      named |= line.indexOf('@') >= 0;
    }
    return lines.size();
  }

  /** Whether a marker is set off from the words; "Original message:" may also head a summary. */
  private static boolean isDrawn(String line) {
    String bare = line.strip();
    return !bare.endsWith(":") || isMark(bare.charAt(0));
  }

  private static boolean isMark(char c) {
    return switch (c) {
      case '-', '=', '*', '_', '#', '>', ':', ' ', '.', '\t' -> true;
      default -> false;
    };
  }

  private static boolean isMarker(List<String> lines, int at) {
    String line = lines.get(at);
    if (line.length() > MARKER_MAX || at == 0) {
      return false;
    }
    int start = 0;
    int end = line.length();
    while (start < end && isMark(line.charAt(start))) {
      start++;
    }
    while (end > start && isMark(line.charAt(end - 1))) {
      end--;
    }
    if (end - start < MARKER_MIN) {
      return false;
    }
    return isOriginal(line, start, end)
        || (start >= DRAWN_MIN
            && line.length() - end >= DRAWN_MIN
            && OWN_MESSAGE.contains(line.substring(start, end).toLowerCase(Locale.ROOT))
            && isHeader(lines, at))
        || Phrases.returned().frames(line, start, end, MARKER_LEAD_MAX);
  }

  private static boolean isOriginal(String line, int start, int end) {
    return end - start == ORIGINAL.length()
        && line.regionMatches(true, start, ORIGINAL, 0, end - start);
  }

  private static boolean isReturnedField(String line) {
    int colon = line.indexOf(':');
    return colon > 0
        && Fields.isName(line, colon)
        && RETURNED_FIRST.contains(line.substring(0, colon).toLowerCase(Locale.ROOT));
  }

  /** Whether at least two more fields follow closely: one such line alone may be prose. */
  private static boolean isHeader(List<String> lines, int at) {
    int fields = 0;
    for (int i = at + 1; i < lines.size() && i < at + 12 && fields < 2; i++) {
      String line = lines.get(i);
      if (line.isBlank()) {
        break;
      }
      fields += isField(line) ? 1 : 0;
    }
    return fields >= 2;
  }

  private static boolean isField(String line) {
    int colon = line.indexOf(':');
    return colon > 0 && Fields.isName(line, colon);
  }

  private static int firstOfHeader(List<String> lines, int at) {
    int first = at;
    while (first > 0 && isField(lines.get(first - 1))) {
      first--;
    }
    return first;
  }

  private static int firstField(List<String> lines, int end) {
    for (int i = end; i < lines.size(); i++) {
      if (isField(lines.get(i)) && (isReturnedField(lines.get(i)) || isHeader(lines, i))) {
        return i;
      }
    }
    return lines.size();
  }
}
