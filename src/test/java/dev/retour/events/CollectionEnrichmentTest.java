package dev.retour.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The products of a cart get title and price from the catalogue, by one statement for all. */
class CollectionEnrichmentTest {
  private static final String SUBJECT =
      "Cart [#list ctx.products as p][=p.sku]: [=p.catalog.title!\"?\"] [=p.catalog.price!\"-\"];[/#list]";
  private static final String EVENT =
      """
      language: en
      fields:
        - {id: shop, type: string, required: true, maxLength: 10}
      collections:
        - id: products
          fields:
            - {id: sku, type: string, required: true, maxLength: 20}
          enrichment:
            - id: catalog
              source: erp
              join: sku
              ifMissing: empty
              sql: >-
                SELECT sku, title, price, 'EUR' AS price_currency FROM product
                WHERE sku = ANY(:sku) AND shop = :shop
              fields:
                - {id: title, type: string, required: true, maxLength: 50}
                - {id: price, type: money}
      """;

  @TempDir Path folder;
  private EnrichedRoom room;

  @BeforeEach
  void open() {
    room = new EnrichedRoom(folder);
    room.erp("CREATE TABLE product (sku char(4), title text, price numeric, shop text)");
    room.erp("INSERT INTO product VALUES ('A1', 'Cup', 9.5, 'de'), ('B2', 'Pot', NULL, 'de')");
    room.write(EnrichedRoom.TYPE, SUBJECT, EVENT).publish(EnrichedRoom.TYPE);
  }

  @AfterEach
  void close() {
    room.close();
  }

  private EventView cart(String... skus) {
    StringBuilder items = new StringBuilder();
    for (String sku : skus) {
      items.append(items.isEmpty() ? "" : ",").append("{\"sku\":\"").append(sku).append("\"}");
    }
    String ctx = "{\"shop\":\"de\",\"products\":[" + items + "]}";
    return room.settled(
        room.post(EnrichedRoom.TYPE, "{\"email\":\"a@example.com\",\"ctx\":" + ctx + "}"));
  }

  @Test
  void each_item_gets_its_own_row_also_twice_and_one_without_a_row_stays_empty() {
    assertThat(cart("B2", "A1", "C3", "A1").status()).isEqualTo("processing");
    assertThat(room.subjects())
        .containsExactly("Cart B2: Pot -;A1: Cup €9.50;C3: ? -;A1: Cup €9.50;");
    assertThat(room.one("SELECT enriched #>> '{products,1,catalog,title}' FROM event"))
        .isEqualTo("Cup");
  }

  @Test
  void an_empty_cart_asks_nobody() {
    room.erpIs(false);
    assertThat(cart().status()).isEqualTo("processing");
  }

  @Test
  void two_rows_for_one_item_are_an_error() {
    room.erp("INSERT INTO product VALUES ('A1', 'Mug', 1, 'de')");
    EventView view = cart("B2", "A1");
    assertThat(view.status()).isEqualTo("targetingFailed");
    assertThat(view.because()).contains("Enrichment catalog: the source erp has several rows for");
  }

  @Test
  void where_each_item_needs_its_row_one_without_fails_the_event() {
    room.write(EnrichedRoom.TYPE, SUBJECT, EVENT.replace("empty", "fail"))
        .publish(EnrichedRoom.TYPE);
    EventView view = cart("A1", "C3");
    assertThat(view.status()).isEqualTo("targetingFailed");
    assertThat(view.because())
        .isEqualTo("Enrichment catalog: the source erp has nothing for products/1, sku=C3.");
  }
}
