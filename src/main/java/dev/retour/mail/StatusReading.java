package dev.retour.mail;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a delivery status notification (RFC 3464) says about its recipients. */
final class StatusReading {
  private StatusReading() {}

  /**
   * Reads every group.
   *
   * @param late whether the words around it speak of a delay, for groups without an action
   * @param otherwise whom a group without a readable address is about, or null when unknown
   * @param max characters kept of a diagnostic
   */
  static List<RecipientReport> read(
      DeliveryStatus status,
      BooleanSupplier late,
      Supplier<@Nullable EmailAddress> otherwise,
      int max) {
    List<RecipientReport> reports = new ArrayList<>();
    for (Fields group : status.recipients) {
      RecipientReport report = read(group, status.message, late, otherwise, max);
      if (report != null) {
        reports.add(report);
      }
    }
    return reports;
  }

  private static @Nullable RecipientReport read(
      Fields group,
      Fields message,
      BooleanSupplier late,
      Supplier<@Nullable EmailAddress> otherwise,
      int max) {
    EmailAddress last = address(group, "final-recipient");
    EmailAddress first = address(group, "original-recipient");
    if (last == null) {
      last = address(group, "x-actual-recipient");
    }
    if (last == null) {
      last = first == null ? otherwise.get() : first;
    }
    if (last == null) {
      return null;
    }
    String diagnostic = diagnostic(group, max);
    String code = status(group.first("status"));
    String said = SmtpCodes.status(diagnostic);
    String action = action(group, message, code, late);
    return new RecipientReport(
        last,
        first == null || isSame(first, last) ? null : first,
        action,
        code == null || (code.endsWith(".0.0") && said != null)
            ? (said == null ? code : said)
            : code,
        SmtpCodes.reply(diagnostic),
        diagnostic,
        host(group.first("remote-mta")),
        host(message.first("reporting-mta")),
        "delivery-status");
  }

  /** Whether both are one address; some leave the first in xtext (RFC 3461 section 4). */
  private static boolean isSame(EmailAddress first, EmailAddress last) {
    String key = first.key();
    return key.equals(last.key())
        || (key.contains("+2b") && key.replace("+2b", "+").equals(last.key()))
        || (key.contains("+3d") && key.replace("+3d", "=").equals(last.key()));
  }

  private static @Nullable EmailAddress address(Fields group, String name) {
    String value = group.first(name);
    if (value == null) {
      return null;
    }
    int semicolon = value.indexOf(';');
    String typed =
        semicolon >= 0 && semicolon < 24 && value.lastIndexOf('@', semicolon) < 0
            ? value.substring(semicolon + 1)
            : value;
    return EmailAddress.parse(typed.indexOf('@') < 0 ? TextDecoder.words(typed) : typed)
        .or(() -> EmailAddress.mistyped(typed))
        .orElse(null);
  }

  private static String diagnostic(Fields group, int max) {
    for (String name : List.of("diagnostic-code", "x-supplementary-info", "localized-reason")) {
      String text = DiagnosticText.of(group.first(name), max);
      if (!text.isEmpty()) {
        return text;
      }
    }
    String status = group.first("status"); // some write the words behind the code: 5.1.1 (no user)
    return status != null && status.length() > 9 ? DiagnosticText.oneLine(status, max) : "";
  }

  /** The enhanced status code in a field, or null. */
  static @Nullable String status(@Nullable String field) {
    if (field == null) {
      return null;
    }
    for (int dot = field.indexOf('.'); dot >= 0; dot = field.indexOf('.', dot + 1)) {
      int second = digitsEnd(field, dot + 1);
      boolean two = second > dot + 1 && second < field.length() && field.charAt(second) == '.';
      int third = two ? digitsEnd(field, second + 1) : 0;
      if (third > second + 1 && dot > 0 && "245".indexOf(field.charAt(dot - 1)) >= 0) {
        return field.substring(dot - 1, third);
      }
    }
    return null;
  }

  /** Behind at most three digits. */
  private static int digitsEnd(String text, int from) {
    int end = from;
    while (end < text.length()
        && end < from + 3
        && text.charAt(end) >= '0'
        && text.charAt(end) <= '9') {
      end++;
    }
    return end;
  }

  private static String action(
      Fields group, Fields message, @Nullable String code, BooleanSupplier late) {
    String action = group.lower("action");
    if (action.isEmpty()) {
      action = message.lower("action");
    }
    for (String known : List.of("failed", "delayed", "delivered", "relayed", "expanded")) {
      if (action.startsWith(known)) {
        return known;
      }
    }
    if (action.startsWith("fail") || action.startsWith("deni") || action.startsWith("reject")) {
      return "failed";
    }
    if (action.startsWith("delay") || action.startsWith("defer")) {
      return "delayed";
    }
    if (code != null && code.startsWith("2")) {
      return "delivered";
    }
    return late.getAsBoolean() ? "delayed" : "failed";
  }

  /** {@code dns; mx.example.org (192.0.2.1)} to {@code mx.example.org}. */
  static @Nullable String host(@Nullable String field) {
    if (field == null) {
      return null;
    }
    String text = field.substring(field.indexOf(';') + 1).strip().toLowerCase(Locale.ROOT);
    int end = 0;
    while (end < text.length()
        && text.charAt(end) > ' '
        && "(<,;".indexOf(text.charAt(end)) < 0
        && !Character.isISOControl(text.charAt(end))) {
      end++;
    }
    String host = text.substring(0, Math.min(end, 255));
    while (host.endsWith(".")) {
      host = host.substring(0, host.length() - 1);
    }
    return host.isEmpty() ? null : host;
  }
}
