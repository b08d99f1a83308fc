package dev.retour.console;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A language the console speaks. */
enum Language {
  ENGLISH("en", "English"),
  GERMAN("de", "Deutsch");

  /**
   * Longer {@code Accept-Language} headers are not looked at; browsers send about 50 characters.
   */
  private static final int ACCEPT_MAX = 300;

  private final String tag;
  private final String ownName;

  Language(String tag, String ownName) {
    this.tag = tag;
    this.ownName = ownName;
  }

  /** The language tag (RFC 5646). */
  String tag() {
    return tag;
  }

  /** What its speakers call it. */
  String ownName() {
    return ownName;
  }

  /**
   * What was asked for by {@code ?lang=}, else the best of {@code Accept-Language} (RFC 9110,
   * 12.5.4), else English.
   */
  static Language choose(@Nullable String asked, @Nullable String acceptLanguage) {
    for (Language language : values()) {
      if (language.tag.equalsIgnoreCase(asked)) {
        return language;
      }
    }
    if (acceptLanguage == null || acceptLanguage.length() > ACCEPT_MAX) {
      return ENGLISH;
    }
    try {
      String best =
          Locale.lookupTag(
              Locale.LanguageRange.parse(acceptLanguage), List.of(ENGLISH.tag, GERMAN.tag));
      return GERMAN.tag.equals(best) ? GERMAN : ENGLISH;
    } catch (IllegalArgumentException malformed) {
      // Not a language list: the same as none.
      return ENGLISH;
    }
  }
}
