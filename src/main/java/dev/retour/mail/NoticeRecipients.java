package dev.retour.mail;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Finds in the words of a notice which recipients failed.
 *
 * <p>An address counts by its place: at the start of a line or behind an SMTP answer first, then
 * behind a word such as "to:", then anywhere. The sender the notice went to counts only when there
 * is nobody else; an address one is told to write to never counts.
 */
final class NoticeRecipients {
  private static final int TAIL = 80;
  private static final int LASTS = 64;
  private static final String BEFORE_ADDRESS = " \t\r<\"'*>-[(\u2022\u00b7:=,\uff1a\u3001";

  /** Words right before the address of a recipient. */
  private static final String[][] NAMING =
      byLast(
          "to",
          "recipient",
          "recipients",
          "recipient(s)",
          "address",
          "addresses",
          "address(es)",
          "user",
          "mailbox",
          "account",
          "list",
          "failed",
          "size",
          "error",
          "errors",
          "attempts",
          "mail for",
          "destination",
          "empf\u00e4nger",
          "destinataire",
          "destinatario",
          "\u5b9b\u5148",
          "\u6536\u4ef6\u4eba",
          "\u53d7\u4fe1\u8005");

  /** Words right before an address that is somebody else's. */
  private static final String[][] OTHERS =
      byLast(
          "from",
          "contact",
          "assistance",
          "send mail to",
          "send email to",
          "send e-mail to",
          "please mail",
          "please email",
          "mail us at",
          "email us at",
          "sender",
          "sent by",
          "sent from",
          "written by",
          "reply-to",
          "help",
          "support",
          "visit",
          "hello",
          "dear",
          "message-id",
          "in-reply-to",
          "references",
          "mail from",
          "return-path",
          "envelope-from",
          "this report to",
          "this error to",
          "forward this message to",
          "details to",
          "complaints to",
          "questions to",
          "inquiries to",
          "enquiries to",
          "write to",
          "mailto",
          "kontaktieren sie",
          "contactez",
          "contacte");

  /** Words by their last letter: a text may hold ten thousand addresses. */
  private static String[][] byLast(String... words) {
    String[][] byLast = new String[LASTS][0];
    for (String word : words) {
      int last = word.charAt(word.length() - 1) % LASTS;
      byLast[last] = Arrays.copyOf(byLast[last], byLast[last].length + 1);
      byLast[last][byLast[last].length - 1] = word;
    }
    return byLast;
  }

  private static final List<String> LIST_COMMANDS =
      List.of("-request", "-ctl", "-owner", "-help", "-subscribe", "-unsubscribe", "-admin");

  /** How the addresses of those begin who answer for a mail system. */
  private static final String[] DESKS = {
    "abuse", "postmaster@", "hostmaster@", "noc@", "support@", "helpdesk@", "unblock", "delist"
  };

  /** How sure a place makes the address a recipient; the surer first. */
  private enum Place {
    OPENS_LINE,
    STARTS_LINE,
    NAMED,
    ANYWHERE
  }

  private final Collection<String> own;
  private final int max;
  private final Map<Place, Map<String, EmailAddress>> found = new EnumMap<>(Place.class);
  private final Set<String> others = new HashSet<>();
  private String before = "";

  private NoticeRecipients(Collection<String> own, int max) {
    this.own = own;
    this.max = max;
    for (Place place : Place.values()) {
      found.put(place, new LinkedHashMap<>());
    }
  }

  /**
   * Reads a notice.
   *
   * @param own keys of addresses that are the sender's side: whom the notice went to and came from
   */
  static NoticeRecipients read(List<String> lines, Collection<String> own, int max) {
    NoticeRecipients reading = new NoticeRecipients(own, max);
    for (String line : lines) {
      if (line.indexOf('@') >= 0) {
        reading.places(line);
      }
      if (!line.isBlank()) {
        reading.before = line;
      }
    }
    return reading;
  }

  private void places(String line) {
    for (Span.Found at : Span.findAll(line, max)) {
      String prefix = line.substring(Math.max(0, at.span().start() - TAIL), at.span().start());
      String lead = lead(prefix);
      if (isSender(line, at.span().end())
          || endsWithAny(lead, OTHERS)
          || (lead.isEmpty() && endsWithAny(lead(before), OTHERS))) {
        others.add(at.address().key());
      } else if (!lead.endsWith("http://") && !lead.endsWith("https://")) {
        Map<String, EmailAddress> there = found.get(place(line, at, lead));
        if (there != null && there.size() < max) {
          there.putIfAbsent(at.address().key(), at.address());
        }
      }
    }
  }

  /** {@code <address>: Sender address rejected}: the fault is the author's. */
  private static boolean isSender(String line, int end) {
    int i = end;
    while (i < line.length() && ">\"'): ".indexOf(line.charAt(i)) >= 0) {
      i++;
    }
    return i > end && line.regionMatches(true, i, "sender ", 0, 7);
  }

  /** What stands before an address, lower case, without the marks between them. */
  private static String lead(String prefix) {
    int end = prefix.length();
    while (end > 0 && BEFORE_ADDRESS.indexOf(prefix.charAt(end - 1)) >= 0) {
      end--;
    }
    return prefix.substring(Math.max(0, end - TAIL), end).toLowerCase(Locale.ROOT);
  }

  private static boolean endsWithAny(String lead, String[][] words) {
    if (lead.isEmpty()) {
      return false;
    }
    for (String word : words[lead.charAt(lead.length() - 1) % LASTS]) {
      int start = lead.length() - word.length();
      if (lead.endsWith(word)
          && (start == 0
              || !Character.isLetterOrDigit(lead.charAt(start - 1))
              || word.charAt(0) > 0x2fff)) { // no blanks between Chinese and Japanese words
        return true;
      }
    }
    return false;
  }

  private static Place place(String line, Span.Found at, String lead) {
    boolean first = at.span().start() <= TAIL;
    if (first && isAnswer(lead)) {
      return Place.OPENS_LINE;
    }
    if (first && lead.isEmpty()) {
      return closes(line, at.span().end()) ? Place.OPENS_LINE : Place.STARTS_LINE;
    }
    return endsWithAny(lead, NAMING) ? Place.NAMED : Place.ANYWHERE;
  }

  /** {@code <<< 550}, {@code 554 5.1.1}: an SMTP answer and nothing else. */
  private static boolean isAnswer(String lead) {
    String bare = lead.startsWith("<<<") ? lead.substring(3).strip() : lead.strip();
    if (bare.length() < 3 || bare.length() > 14 || "245".indexOf(bare.charAt(0)) < 0) {
      return false;
    }
    for (int i = 0; i < bare.length(); i++) {
      char c = bare.charAt(i);
      boolean digit = c >= '0' && c <= '9';
      if (i < 3 ? !digit : !(digit || c == '.' || c == ' ' || c == '-')) {
        return false;
      }
    }
    return true;
  }

  /** Whether an address at the start of a line is more than the start of a sentence. */
  private static boolean closes(String line, int end) {
    int i = end;
    while (i < line.length() && ">\"'])".indexOf(line.charAt(i)) >= 0) {
      i++;
    }
    if (line.startsWith("...", i)) {
      return true;
    }
    int word = i;
    while (word < line.length() && " \t\r,.".indexOf(line.charAt(word)) >= 0) {
      word++;
    }
    if (word >= line.length() || ":;([<".indexOf(line.charAt(word)) >= 0) {
      return true;
    }
    boolean day = line.startsWith(" on ", i) && line.length() > i + 7;
    return day && (line.charAt(i + 7) == ',' || line.charAt(i + 7) == ' ');
  }

  /** The recipients, the surest kind of place only. */
  List<EmailAddress> recipients() {
    for (Map<String, EmailAddress> there : found.values()) {
      List<EmailAddress> likely = there.values().stream().filter(this::isLikely).toList();
      if (!likely.isEmpty()) {
        return there == found.get(Place.OPENS_LINE) ? likely : withoutDesks(likely);
      }
    }
    for (Place place : List.of(Place.OPENS_LINE, Place.NAMED)) {
      List<EmailAddress> there =
          found.getOrDefault(place, Map.of()).values().stream()
              .filter(address -> !others.contains(address.key()))
              .toList();
      if (!there.isEmpty()) {
        return there;
      }
    }
    return List.of();
  }

  /** Beside somebody else, a desk for complaints is whom one is told to write to. */
  private static List<EmailAddress> withoutDesks(List<EmailAddress> likely) {
    if (likely.size() == 1) {
      return likely;
    }
    List<EmailAddress> people =
        likely.stream()
            .filter(address -> Arrays.stream(DESKS).noneMatch(address.key()::startsWith))
            .toList();
    return people.isEmpty() ? likely : people;
  }

  private boolean isLikely(EmailAddress address) {
    String key = address.key();
    String local = key.substring(0, key.lastIndexOf('@'));
    return !own.contains(key)
        && !others.contains(key)
        && LIST_COMMANDS.stream().noneMatch(local::endsWith);
  }
}
