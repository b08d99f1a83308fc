package dev.retour.mail;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the header and the words of one mail hint at. Each hint is weak; {@link Reading} weighs them
 * together.
 */
final class Hints {
  private static final int CHALLENGE_LOOKED_AT = 1_500;

  /** Fields that name whom a mail went to. */
  static final List<String> ADDRESSED =
      List.of(
          "to",
          "cc",
          "delivered-to",
          "x-original-to",
          "envelope-to",
          "x-envelope-to",
          "x-delivered-to",
          "x-rcpt-to",
          "apparently-to");

  private static final List<String> DAEMONS =
      List.of(
          "mailer-daemon",
          "mailer_daemon",
          "mailerdaemon",
          "mailer daemon",
          "mail-daemon",
          "maildaemon",
          "postmaster",
          "post_master",
          "mail deliver",
          "mail.deliver",
          "mail-deliver",
          "delivery subsystem",
          "mail system",
          "mail administrator",
          "system administrator",
          "bounce-handler");
  private static final List<String> PROGRAMS =
      DAEMONS.stream().filter(name -> !name.startsWith("post")).toList();
  private static final List<String> SUMMARIES =
      List.of(
          "summar",
          "digest",
          "statisti",
          "quarant",
          "logwatch",
          "daily report",
          "weekly report",
          "zusammenfassung",
          "tagesbericht",
          "r\u00e9sum\u00e9",
          "resumen",
          "riepilogo");
  private static final Set<String> CONVERSATION =
      Set.of(
          "re", "aw", "sv", "antw", "odp", "ynt", "vs", "fwd", "fw", "wg", "tr", "rv", "enc",
          "doorst", "i", "pd", "vb");
  private static final List<String> CLIENTS =
      List.of(
          "thunderbird",
          "microsoft outlook",
          "apple mail",
          "iphone mail",
          "ipad mail",
          "evolution",
          "roundcube",
          "k-9 mail",
          "kmail",
          "mutt");
  private static final List<String> ABSENCE_FIELDS =
      List.of(
          "x-autoreply",
          "x-autorespond",
          "x-auto-reply",
          "x-auto-response",
          "x-autoresponse",
          "x-mail-autoreply",
          "x-autoreply-from",
          "x-auto-reply-from",
          "x-autoreply-domain",
          "x-autoresponder",
          "x-fc-machinegenerated",
          "x-vacation");

  final String subject;
  final Map<Phrases.Sign, String> inSubject;
  private final String text;
  private @Nullable Map<Phrases.Sign, String> inText;
  private final int textLookedAt;
  private final Fields fields;
  private final String bareSubject;

  /**
   * Of a mail.
   *
   * @param textLookedAt characters of the text in which words count
   */
  Hints(Fields fields, String subject, String text, int textLookedAt) {
    this.textLookedAt = textLookedAt;
    this.fields = fields;
    this.subject = subject;
    this.bareSubject = subject.strip().toLowerCase(Locale.ROOT);
    this.inSubject = Phrases.shipped().in(subject + " ", 500);
    this.text = text;
  }

  private static boolean containsAny(String text, List<String> words) {
    for (String word : words) {
      if (text.contains(word)) {
        return true;
      }
    }
    return false;
  }

  private boolean hasAny(List<String> names) {
    for (String name : names) {
      if (fields.has(name)) {
        return true;
      }
    }
    return false;
  }

  boolean subject(Phrases.Sign sign) {
    return inSubject.containsKey(sign);
  }

  boolean text(Phrases.Sign sign) {
    return inText().containsKey(sign);
  }

  /** What the text says; looked up when first asked, as most reports decide without it. */
  Map<Phrases.Sign, String> inText() {
    if (inText == null) {
      inText = Phrases.shipped().in(text, textLookedAt);
    }
    return inText;
  }

  /** A question back to the sender in the guise of a report, or null. */
  @Nullable String challenge(Collection<RecipientReport> troubled) {
    String found = challenge(subject, CHALLENGE_LOOKED_AT);
    for (RecipientReport one : troubled) {
      found = found == null ? challenge(one.diagnostic(), CHALLENGE_LOOKED_AT) : found;
    }
    return found == null ? challenge(text, CHALLENGE_LOOKED_AT) : found;
  }

  private static @Nullable String challenge(String said, int max) {
    return Phrases.challenge().in(said, max).get(Phrases.Sign.CHALLENGE);
  }

  /** Whether a mail system says it wrote this, or the envelope sender is empty. */
  boolean isFromDaemon() {
    return isNamedDaemon() || isNullSender();
  }

  /** Whether a mail system stands in the header as its author, or nobody. */
  boolean isNamedDaemon() {
    String from = fields.lower("from");
    return from.equals("<>") || containsAny(from, DAEMONS);
  }

  /** Whether it is certain that no person wrote it: nobody is named, or a delivering program is. */
  boolean isFromProgram() {
    return isFromNobody() || isNamedProgram();
  }

  /** Whether a delivering program, not only a postmaster, stands in the header as its author. */
  boolean isNamedProgram() {
    String from = fields.lower("from");
    return from.equals("<>") || containsAny(from, PROGRAMS);
  }

  /** Who only signs as postmaster may write digests and statistics about failed mails. */
  boolean isSummary() {
    return containsAny(bareSubject, SUMMARIES);
  }

  /** Whether neither the envelope nor the header names anybody to answer to. */
  boolean isFromNobody() {
    return isNullSender() || fields.lower("from").equals("<>");
  }

  boolean isNullSender() {
    String path = fields.lower("return-path");
    return path.equals("<>")
        || path.equals("<mailer-daemon>")
        || path.startsWith("<mailer-daemon@");
  }

  /** Whether it carries on a conversation or passes on a mail, as no report does. */
  boolean isReply() {
    int colon = bareSubject.indexOf(':');
    return colon > 0 && CONVERSATION.contains(bareSubject.substring(0, colon));
  }

  /**
   * Whether somebody answers for it who is no mail system: the envelope names an author who also
   * stands in the header, the subject has a list's or a ticket's mark, or it belongs to a thread.
   */
  boolean isWrittenByPerson() {
    EmailAddress path = fields.address("return-path");
    EmailAddress from = fields.address("from");
    boolean same = path != null && from != null && path.key().equals(from.key());
    return same
        || bareSubject.startsWith("[")
        || bareSubject.startsWith("ticket")
        || bareSubject.endsWith("?")
        || isAnswer()
        || isFromMailClient();
  }

  /** Whether a program for reading and writing mails by hand names itself as its origin. */
  private boolean isFromMailClient() {
    String client = fields.lower("user-agent") + fields.lower("x-mailer");
    return !client.isEmpty() && containsAny(client, CLIENTS);
  }

  /** Whether it says which mail it answers. */
  boolean isAnswer() {
    return fields.has("in-reply-to") || fields.has("references");
  }

  /** Whether it is a report of a kind that is not about the delivery of one mail (RFC 6522). */
  boolean isOtherReport() {
    String type = fields.lower("content-type");
    int at = type.indexOf("report-type=");
    return type.startsWith("multipart/report")
        && at >= 0
        && !type.startsWith("delivery", at + 12)
        && !type.startsWith("\"delivery", at + 12);
  }

  boolean isList() {
    return fields.has("list-id") || fields.has("list-unsubscribe") || fields.has("list-post");
  }

  boolean isAutoReplied() {
    return fields.lower("auto-submitted").startsWith("auto-replied")
        || fields.lower("auto-submitted").startsWith("auto replied")
        || fields.lower("x-auto-submitted").startsWith("auto-replied");
  }

  boolean isAutomatic() {
    return isAutoSubmitted() || isUnasked();
  }

  boolean isAutoSubmitted() {
    return fields.lower("auto-submitted").startsWith("auto");
  }

  boolean isUnasked() {
    String precedence = fields.lower("precedence");
    return precedence.equals("bulk")
        || precedence.equals("junk")
        || precedence.startsWith("auto")
        || fields.lower("x-precedence").startsWith("auto")
        || fields.lower("preference").startsWith("auto");
  }

  boolean hasAbsenceField() {
    return hasAny(ABSENCE_FIELDS)
        || fields.lower("precedence").startsWith("auto_reply")
        || fields.lower("x-precedence").startsWith("auto_reply")
        || fields.lower("preference").startsWith("auto_reply")
        || fields.lower("x-autogenerated").startsWith("reply")
        || fields.lower("x-mailer").startsWith("vacation")
        || fields.lower("delivered-by-the-graces-of").contains("vacation")
        || fields.lower("x-post-messageclass").contains("autoresponder")
        || fields.lower("delivered-to").startsWith("autoresponder");
  }

  /** Whether the words speak of a delay and do not also say that it is over. */
  boolean isLate() {
    return (subject(Phrases.Sign.DELAY) && !subject(Phrases.Sign.STILL_FINAL))
        || (text(Phrases.Sign.DELAY) && !text(Phrases.Sign.STILL_FINAL));
  }
}
