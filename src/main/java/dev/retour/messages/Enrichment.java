package dev.retour.messages;

import dev.retour.store.ReadOnlyQuery;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * How values from another database come to an event, or to the items of a collection (spec C2).
 *
 * @param id by which templates name the values: {@code ctx.<id>.<field>}, in a collection {@code
 *     item.<id>.<field>}
 * @param join the field of an item, and the column, by which rows find their items; empty for an
 *     event
 * @param rules what becomes of an event nothing is found for
 * @param line of the file, for who made a mistake
 */
record Enrichment(
    String id,
    String source,
    ReadOnlyQuery query,
    String join,
    List<FieldDefinition> fields,
    Rules rules,
    int line) {
  Enrichment {
    fields = List.copyOf(fields);
  }

  /** What becomes of an event nothing is found for. */
  enum IfMissing {
    /** It ends as targetingFailed. */
    FAIL,
    /** Its mail goes without the values. */
    EMPTY,
    /** It is looked for again, and ends as targetingFailed when that takes too long. */
    WAIT
  }

  /**
   * What becomes of an event nothing is found for.
   *
   * @param waitUpTo from the first look on; only when it waits
   * @param every between two looks; only when it waits
   */
  record Rules(IfMissing ifMissing, Duration waitUpTo, Duration every) {}

  /** The column of a field; databases do not keep the case of names. */
  static String column(String field) {
    return field.toLowerCase(Locale.ROOT);
  }

  /** The column of the currency of an amount. */
  static String currencyColumn(String field) {
    return column(field) + "_currency";
  }
}
