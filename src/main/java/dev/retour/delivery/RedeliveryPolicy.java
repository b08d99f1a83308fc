package dev.retour.delivery;

import java.util.Locale;

/**
 * When a failed mail is tried again, and for which mails that holds (spec B3).
 *
 * @param id its name in {@code rules/redelivery.rules.yaml}
 * @param message the message it is for, or {@code *}
 * @param domain the recipient domain it is for; {@code *.example.com} for all below it, {@code *}
 *     for all
 * @param because why it is so
 */
public record RedeliveryPolicy(
    String id, String message, String domain, String because, RedeliverySchedule schedule) {

  boolean matches(String ofMessage, String ofDomain) {
    return (message.equals("*") || message.equals(ofMessage))
        && isOf(ofDomain.toLowerCase(Locale.ROOT));
  }

  boolean matchesAll() {
    return message.equals("*") && domain.equals("*");
  }

  private boolean isOf(String ofDomain) {
    if (domain.startsWith("*.")) {
      return ofDomain.endsWith(domain.substring(1));
    }
    return domain.equals("*") || domain.equals(ofDomain);
  }
}
