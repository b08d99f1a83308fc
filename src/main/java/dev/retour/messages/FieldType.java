package dev.retour.messages;

/** The types of a field (spec C2; the shapes are described in the package). */
enum FieldType {
  STRING("string", 1_000),
  NUMBER("number", 0),
  INTEGER("integer", 0),
  BOOLEAN("boolean", 0),
  DATE("date", 0),
  DATE_TIME("date-time", 0),
  EMAIL("email", AddressFormat.CHARS_MAX),
  URL("url", 2_000),
  MONEY("money", 0);

  /** Longest value a field may ever declare. */
  static final int CHARS_LIMIT = 100_000;

  private final String label;
  private final int charsMaxDefault;

  FieldType(String label, int charsMaxDefault) {
    this.label = label;
    this.charsMaxDefault = charsMaxDefault;
  }

  String label() {
    return label;
  }

  /** Longest value when the field declares none; 0 for types without a length. */
  int charsMaxDefault() {
    return charsMaxDefault;
  }
}
