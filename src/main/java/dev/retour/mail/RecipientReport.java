package dev.retour.mail;

import org.jspecify.annotations.Nullable;

/**
 * What a report says about one recipient.
 *
 * @param finalRecipient the address the report names (RFC 3464 2.3.2)
 * @param originalRecipient the address we had sent to where the report names another one, or null
 * @param action {@code failed}, {@code delayed}, {@code delivered}, {@code relayed}, {@code
 *     expanded} or {@code complained}
 * @param status enhanced status code (RFC 3463) as the report gives it, for instance {@code 5.1.1};
 *     null when none was found
 * @param replyCode SMTP reply code, 400 to 599; null when none was found
 * @param diagnostic what the other side said about this recipient: decoded, on one line, bounded;
 *     empty when it said nothing
 * @param remoteMta host that refused, lower case, or null
 * @param reportingMta host that wrote the report, lower case, or null
 * @param evidence where this was found: {@code delivery-status}, {@code x-failed-recipients},
 *     {@code text}, {@code returned-headers} …
 */
public record RecipientReport(
    EmailAddress finalRecipient,
    @Nullable EmailAddress originalRecipient,
    String action,
    @Nullable String status,
    @Nullable Integer replyCode,
    String diagnostic,
    @Nullable String remoteMta,
    @Nullable String reportingMta,
    String evidence) {}
