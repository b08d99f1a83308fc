package dev.retour.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What clients send is compared, and never read as SQL. The strings are those of the OWASP Testing
 * Guide (WSTG-INPV-05) and of common cheat sheets for PostgreSQL.
 */
class SqlInjectionTest {
  private static final List<String> ATTACKS =
      List.of(
          "' OR '1'='1",
          "' OR '1'='1' --",
          "' OR 1=1 --",
          "') OR ('1'='1",
          "' OR 'x'='x';--",
          "'; DROP TABLE customer; --",
          "'; DELETE FROM customer WHERE 'a'='a",
          "'; UPDATE customer SET email='evil@example.net'; --",
          "' UNION SELECT 'x', 'evil@example.net' --",
          "' UNION ALL SELECT usename, passwd FROM pg_shadow --",
          "'||(SELECT pg_sleep(60))||'",
          "'; SELECT pg_sleep(60); --",
          "' AND 1=CAST((SELECT version()) AS int) --",
          "'; COPY customer TO PROGRAM 'id'; --",
          "' OR set_config('transaction_read_only','off',false)='off",
          "\\'; DROP TABLE customer; --",
          "$$; DROP TABLE customer; $$",
          "/*' OR 1=1 --*/",
          ":name",
          "?",
          "%",
          "{fn now()}",
          "\u02bc OR 1=1 --",
          "\uff07 OR 1=1 --");

  @TempDir Path folder;
  private EnrichedRoom room;

  @BeforeEach
  void open() {
    room = new EnrichedRoom(folder);
    room.write(
            EnrichedRoom.TYPE,
            "Hello [=ctx.customer.id]",
            """
            fields:
              - {id: name, type: string, required: true, maxLength: 200}
            enrichment:
              - id: customer
                source: erp
                sql: SELECT id FROM customer WHERE name = :name
                fields:
                  - {id: id, type: integer, required: true}
            """)
        .publish(EnrichedRoom.TYPE);
  }

  @AfterEach
  void close() {
    room.close();
  }

  private IntakeAnswer post(String name) {
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("email", "a@example.com");
    body.putObject("ctx").put("name", name);
    return room.post(EnrichedRoom.TYPE, body.toString());
  }

  @Test
  void no_attack_finds_or_changes_anything() {
    List<IntakeAnswer> posted = new ArrayList<>();
    ATTACKS.forEach(attack -> posted.add(post(attack)));
    for (IntakeAnswer each : posted) {
      EventView view = room.settled(each);
      assertThat(view.status()).as(view.toString()).isEqualTo("targetingFailed");
      assertThat(view.because()).contains("the source erp has nothing for name=");
    }
    assertThat(room.subjects()).isEmpty();
    room.erp("INSERT INTO customer VALUES (42, '''; DROP TABLE customer; --')");
    room.settled(post("'; DROP TABLE customer; --"));
    room.settled(post("Anna"));
    assertThat(room.subjects()).containsExactly("Hello 1", "Hello 42");
  }
}
