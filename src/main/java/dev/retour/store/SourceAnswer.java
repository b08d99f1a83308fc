package dev.retour.store;

import java.util.List;
import java.util.Map;

/** What came of asking a source. A source that is away is an answer, never an exception. */
public sealed interface SourceAnswer {
  /**
   * What was found.
   *
   * @param columns their names in lower case, in the order of the statement
   * @param rows the values by column; a NULL is absent. Texts are String, numbers BigDecimal, and
   *     there are Boolean, byte[], LocalDate, Instant and, for a time without a zone, LocalDateTime
   * @param more whether rows were left out because there were too many
   */
  record Rows(List<String> columns, List<Map<String, Object>> rows, boolean more)
      implements SourceAnswer {}

  /**
   * It does not answer, or not in time: the same question may be answered later.
   *
   * @param because one sentence for the operator
   */
  record Away(String because) implements SourceAnswer {}

  /**
   * It answers, and refuses the statement, or its answer cannot be used.
   *
   * @param because one sentence for the operator
   */
  record Refused(String because) implements SourceAnswer {}
}
