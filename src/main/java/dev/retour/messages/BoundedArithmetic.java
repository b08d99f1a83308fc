package dev.retour.messages;

import freemarker.core.ArithmeticEngine;
import freemarker.template.TemplateException;
import java.math.BigDecimal;

/**
 * Reckons with decimal numbers of a size that occurs in business: a template that squares a number
 * again and again, or reads 1e999999999 from a text, would otherwise take all memory in one step.
 */
final class BoundedArithmetic extends ArithmeticEngine {
  static final BoundedArithmetic INSTANCE = new BoundedArithmetic();

  private static final int DIGITS_MAX = 100;
  private static final ArithmeticEngine.BigDecimalEngine ENGINE =
      new ArithmeticEngine.BigDecimalEngine();

  private BoundedArithmetic() {}

  /** A number is beyond all business; the message is a sentence. */
  static final class TooLongException extends NumberFormatException {
    private static final long serialVersionUID = 1L;

    TooLongException(String text) {
      super(text);
    }
  }

  private static Number bounded(Number number) {
    if (number instanceof BigDecimal decimal
        && (decimal.precision() > DIGITS_MAX || Math.abs((long) decimal.scale()) > DIGITS_MAX)) {
      throw new TooLongException("A number has more than " + DIGITS_MAX + " digits.");
    }
    return number;
  }

  @Override
  public int compareNumbers(Number first, Number second) throws TemplateException {
    return ENGINE.compareNumbers(first, second);
  }

  @Override
  public Number add(Number first, Number second) throws TemplateException {
    return bounded(ENGINE.add(first, second));
  }

  @Override
  public Number subtract(Number first, Number second) throws TemplateException {
    return bounded(ENGINE.subtract(first, second));
  }

  @Override
  public Number multiply(Number first, Number second) throws TemplateException {
    return bounded(ENGINE.multiply(first, second));
  }

  @Override
  public Number divide(Number first, Number second) throws TemplateException {
    return bounded(ENGINE.divide(first, second));
  }

  @Override
  public Number modulus(Number first, Number second) throws TemplateException {
    return bounded(ENGINE.modulus(first, second));
  }

  @Override
  public Number toNumber(String text) {
    return bounded(ENGINE.toNumber(text));
  }
}
