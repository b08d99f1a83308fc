package dev.retour.delivery;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What a server offers in its answer to EHLO (RFC 5321 section 4.1.1.1).
 *
 * @param keywords upper case
 * @param authMechanisms upper case (RFC 4954)
 * @param sizeMax bytes (RFC 1870); 0: no limit is known
 */
record SmtpExtensions(Set<String> keywords, Set<String> authMechanisms, long sizeMax) {
  static final SmtpExtensions NONE = new SmtpExtensions(Set.of(), Set.of(), 0);
  private static final int SIZE_DIGITS_MAX = 15;
  private static final int TEXT_STARTS = 4;

  static SmtpExtensions of(SmtpReply ehlo) {
    Set<String> keywords = new HashSet<>();
    Set<String> mechanisms = new HashSet<>();
    long size = 0;
    // The first line is the greeting.
    for (String line : ehlo.lines().subList(1, ehlo.lines().size())) {
      List<String> words = words(line);
      if (words.isEmpty()) {
        continue;
      }
      String keyword = words.get(0);
      keywords.add(keyword);
      if (keyword.equals("AUTH")) {
        mechanisms.addAll(words.subList(1, words.size()));
      } else if (keyword.startsWith("AUTH=")) { // as servers wrote it before RFC 2554
        mechanisms.add(keyword.substring("AUTH=".length()));
        mechanisms.addAll(words.subList(1, words.size()));
      } else if (keyword.equals("SIZE") && words.size() > 1) {
        size = size(words.get(1));
      }
    }
    return new SmtpExtensions(Set.copyOf(keywords), Set.copyOf(mechanisms), size);
  }

  boolean has(String keyword) {
    return keywords.contains(keyword);
  }

  private static List<String> words(String line) {
    String rest = line.length() > TEXT_STARTS ? line.substring(TEXT_STARTS).strip() : "";
    return rest.isEmpty() ? List.of() : List.of(rest.toUpperCase(Locale.ROOT).split(" +", -1));
  }

  private static long size(String digits) {
    return digits.length() <= SIZE_DIGITS_MAX && digits.chars().allMatch(c -> c >= '0' && c <= '9')
        ? Long.parseLong(digits)
        : 0;
  }
}
