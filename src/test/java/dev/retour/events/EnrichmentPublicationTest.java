package dev.retour.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.messages.LifecycleAnswer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A statement that is wrong is found when its message is published, not by an event. */
class EnrichmentPublicationTest {
  private static final String TYPE = EnrichedRoom.TYPE;

  @TempDir Path folder;
  private EnrichedRoom room;

  @BeforeEach
  void open() {
    room = new EnrichedRoom(folder);
  }

  @AfterEach
  void close() {
    room.close();
  }

  private LifecycleAnswer publish(String source, String sql) {
    String event =
        """
        fields:
          - {id: customerId, type: integer, required: true}
          - {id: name, type: string}
        enrichment:
          - id: customer
            source: %s
            sql: %s
            fields:
              - {id: name, type: string}
              - {id: credit, type: money}
        """;
    return room.write(TYPE, "Hello", event.formatted(source, sql)).tryToPublish(TYPE);
  }

  private String refused(String source, String sql) {
    LifecycleAnswer answer = publish(source, sql);
    assertThat(answer).isInstanceOf(LifecycleAnswer.Refused.class);
    return ((LifecycleAnswer.Refused) answer).faults().toString();
  }

  @Test
  void a_wrong_statement_is_a_fault_with_file_and_line() {
    assertThat(refused("erp", "SELECT nam FROM customer WHERE id = :customerId"))
        .contains("EVTtest/event.yaml:10:", "The source erp refuses the statement", "\"nam\"");
    assertThat(refused("erp", "SELECT name FROM customer WHERE id = :customerId"))
        .contains("has no column credit;", "has no column credit_currency;");
    assertThat(refused("erp", "SELECT name FROM customer WHERE email = :customerId"))
        .contains("operator does not exist");
    assertThat(refused("stock", "SELECT name FROM customer WHERE id = :customerId"))
        .contains("There is no source stock; there are erp");
  }

  @Test
  void a_right_one_is_published_also_while_its_source_is_away_with_a_warning() {
    String right =
        "SELECT name, 1.5 AS credit, 'EUR' AS credit_currency FROM customer WHERE id = :customerId";
    assertThat(((LifecycleAnswer.Done) publish("erp", right)).sentence())
        .isEqualTo("EVTtest: Version 1 is in force.");
    room.erpIs(false);
    assertThat(((LifecycleAnswer.Done) publish("erp", right + " AND name <> ''")).sentence())
        .startsWith("EVTtest: Version 2 is in force. Warning: The statement of customer was not")
        .contains("does not answer");
    room.erpIs(true);
  }
}
