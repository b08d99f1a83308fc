package dev.retour.mail;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Fills what a report leaves out from the words around it and from the returned mail. */
final class Completion {
  private static final int NAME_LINE_MAX = 64;

  /** Of the words about all recipients, given to each: the more they are, the less to each. */
  private static final int SHARED_CHARS = 100_000;

  private static final int SHARED_CHARS_LEAST = 200;
  private static final int SHARED_CHARS_MOST = 8_000;

  private final Notice notice;
  private final String text;
  private final MailReport.Original original;
  private final int diagnosticMax;

  Completion(Notice notice, String text, MailReport.Original original, int diagnosticMax) {
    this.diagnosticMax = diagnosticMax;
    this.notice = notice;
    this.text = text;
    this.original = original;
  }

  /**
   * The same recipients with diagnostics, codes and hosts as far as the words have them.
   *
   * @param alone whether the report names nobody else, so that its words and the returned mail can
   *     only be about this recipient
   */
  List<RecipientReport> complete(Collection<RecipientReport> reports, boolean alone) {
    boolean lacking = isAnyLacking(reports);
    Map<String, String> sections =
        lacking ? NoticeSections.of(notice.lines(), addresses(reports), diagnosticMax) : Map.of();
    boolean silent = isSilent(sections, reports);
    String shared = lacking ? shared(reports.size()) : "";
    String writer = isAnyUnsigned(reports) ? SmtpCodes.writer(text) : null;
    List<RecipientReport> completed = new ArrayList<>();
    for (RecipientReport one : reports) {
      String section = sections.getOrDefault(one.finalRecipient().key(), "");
      String said = said(one, section, alone || silent || section.isEmpty() ? shared : "");
      completed.add(complete(one, said, writer, alone));
    }
    return completed;
  }

  // Plain loops: this is asked of every bounce, mostly about one recipient.

  private static List<EmailAddress> addresses(Collection<RecipientReport> reports) {
    List<EmailAddress> addresses = new ArrayList<>(reports.size());
    for (RecipientReport one : reports) {
      addresses.add(one.finalRecipient());
    }
    return addresses;
  }

  private static boolean isAnyLacking(Collection<RecipientReport> reports) {
    for (RecipientReport one : reports) {
      if (!DiagnosticText.isTelling(one.diagnostic(), one.finalRecipient())) {
        return true;
      }
    }
    return false;
  }

  private static boolean isAnyUnsigned(Collection<RecipientReport> reports) {
    for (RecipientReport one : reports) {
      if (one.reportingMta() == null) {
        return true;
      }
    }
    return false;
  }

  /** Whether no section tells anything: then one reason is given for all. */
  private static boolean isSilent(
      Map<String, String> sections, Collection<RecipientReport> reports) {
    if (!sections.isEmpty()) {
      for (RecipientReport one : reports) {
        String section = sections.get(one.finalRecipient().key());
        if (section != null && DiagnosticText.isTelling(section, one.finalRecipient())) {
          return false;
        }
      }
    }
    return true;
  }

  private String shared(int recipients) {
    int share = SHARED_CHARS / Math.max(1, recipients);
    share = Math.min(SHARED_CHARS_MOST, Math.max(SHARED_CHARS_LEAST, share));
    String words = NoticeSections.telling(notice.lines());
    return words.substring(0, Math.min(words.length(), share));
  }

  private String said(RecipientReport one, String section, String shared) {
    String said = one.diagnostic();
    if (DiagnosticText.isTelling(said, one.finalRecipient())) {
      return said;
    }
    boolean telling = DiagnosticText.isTelling(section, one.finalRecipient());
    String more = telling ? section : shared;
    return more.isEmpty() ? said : DiagnosticText.oneLine(said + " " + more, diagnosticMax).strip();
  }

  private RecipientReport complete(
      RecipientReport one, String said, @Nullable String writtenBy, boolean alone) {
    String code = one.status() == null ? SmtpCodes.status(said) : one.status();
    Integer reply = one.replyCode() == null ? SmtpCodes.reply(said) : one.replyCode();
    String remote = one.remoteMta() == null ? SmtpCodes.remoteHost(said) : one.remoteMta();
    String writer = one.reportingMta() == null ? writtenBy : one.reportingMta();
    return new RecipientReport(
        one.finalRecipient(),
        alone ? sentTo(one) : one.originalRecipient(),
        one.action(),
        code,
        reply,
        said,
        remote,
        writer,
        one.evidence());
  }

  private @Nullable EmailAddress sentTo(RecipientReport one) {
    if (one.originalRecipient() != null || original.recipients().size() != 1) {
      return one.originalRecipient();
    }
    EmailAddress to = original.recipients().get(0);
    return to.key().equals(one.finalRecipient().key()) ? null : to;
  }

  /** Whom the bounce is about when its words name nobody. */
  List<EmailAddress> guess(Fields header) {
    Fields returned = notice.returned();
    if (returned != null) {
      List<EmailAddress> to = new ArrayList<>();
      for (String name : List.of("x-envelope-to", "envelope-to", "to", "delivered-to")) {
        returned.collect(name, to, 2);
        if (to.size() == 1) {
          return to;
        }
        to.clear();
      }
      for (String received : returned.all("received")) {
        int at = received.indexOf(" for ");
        List<Span.Found> found = at < 0 ? List.of() : Span.findAll(received.substring(at), 1);
        if (!found.isEmpty()) {
          return List.of(found.get(0).address());
        }
      }
    }
    return bareName(header);
  }

  /** A user name alone on its line, as some hosts list their own users without the domain. */
  private List<EmailAddress> bareName(Fields header) {
    EmailAddress from = header.address("from");
    if (from == null) {
      return List.of();
    }
    boolean announced = false;
    Set<String> announcing = Set.of("recipient", "address", "user");
    for (String line : notice.lines()) {
      String name = line.strip();
      if (announced && !name.isEmpty() && name.length() <= NAME_LINE_MAX && isName(name)) {
        return EmailAddress.of(name, from.domain()).map(List::of).orElse(List.of());
      }
      String lower = line.toLowerCase(Locale.ROOT);
      announced |= announcing.stream().anyMatch(lower::contains);
    }
    return List.of();
  }

  private static boolean isName(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (!(Character.isLetterOrDigit(c) || c == '.' || c == '-' || c == '_' || c == '+')) {
        return false;
      }
    }
    return Character.isLetterOrDigit(name.charAt(0))
        && Character.isLetterOrDigit(name.charAt(name.length() - 1));
  }
}
