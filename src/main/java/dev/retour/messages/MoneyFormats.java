package dev.retour.messages;

import java.math.BigDecimal;
import java.text.NumberFormat;
import java.util.Currency;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Writes amounts as each language does; the formats are made once for each thread. */
final class MoneyFormats {
  /** Events name language and currency; one that makes them up shall not fill the memory. */
  private static final int FORMATS_MAX = 500;

  private static final int DOUBLE_DIGITS = 15;

  private static final ThreadLocal<MoneyFormats> OWN = ThreadLocal.withInitial(MoneyFormats::new);

  private final Map<Key, NumberFormat> formats = new HashMap<>();

  private MoneyFormats() {}

  private record Key(String currency, Locale locale) {}

  static String format(BigDecimal amount, String currency, Locale locale) {
    Map<Key, NumberFormat> formats = OWN.get().formats;
    Key key = new Key(currency, locale);
    NumberFormat format = formats.get(key);
    if (format == null) {
      if (formats.size() >= FORMATS_MAX) {
        formats.clear();
      }
      format = create(currency, locale);
      formats.put(key, format);
    }
    // Of so few digits a double is exact enough to be the same text, and much faster.
    boolean plain =
        amount.precision() <= DOUBLE_DIGITS
            && amount.scale() >= 0
            && amount.scale() <= format.getMaximumFractionDigits();
    return plain ? format.format(amount.doubleValue()) : format.format(amount);
  }

  private static NumberFormat create(String currency, Locale locale) {
    NumberFormat format = NumberFormat.getCurrencyInstance(locale);
    Currency of = Currency.getInstance(currency);
    format.setCurrency(of);
    format.setMinimumFractionDigits(of.getDefaultFractionDigits());
    format.setMaximumFractionDigits(of.getDefaultFractionDigits());
    return format;
  }
}
