package dev.retour.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.config.Settings;
import dev.retour.delivery.DeliveryCleanUp;
import dev.retour.delivery.RetentionConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each type is kept as long as its message says, all others as long as the settings say. */
class RetentionTest {
  @TempDir Path folder;
  private EnrichedRoom room;
  private EventCleanUp cleanUp;

  @BeforeEach
  void three_types_with_a_settled_event_each() {
    room = new EnrichedRoom(folder);
    RetentionConfig config = RetentionConfig.from(Settings.of(Map.of()));
    cleanUp = new EventCleanUp(room.jdbi, new DeliveryCleanUp(room.jdbi, room.clock, config));
    room.write("EVTplain", "Plain", "fields: []\n").publish("EVTplain");
    room.write("EVTshort", "Short", "retention: 60d\nfields: []\n").publish("EVTshort");
    room.write("EVTlong", "Long", "retention: 3650d\nfields: []\n").publish("EVTlong");
    room.write("EVThasty", "Hasty", "retention: 1d\nfields: []\n").publish("EVThasty");
    for (String type : types()) {
      room.settled(room.post(type, "{\"email\":\"a@example.com\",\"ctx\":{}}"));
    }
    room.jdbi.useHandle(
        handle -> handle.execute("UPDATE work_package SET state = 'sent', due_at = NULL"));
  }

  private static String[] types() {
    return new String[] {"EVThasty", "EVTlong", "EVTplain", "EVTshort"};
  }

  @AfterEach
  void close() {
    room.close();
  }

  private String left() {
    return room.one(
        "SELECT coalesce(string_agg(event_type, ' ' ORDER BY event_type), '') FROM event");
  }

  private long after(int days) {
    room.clock.tick(Duration.ofDays(days));
    long due = cleanUp.due();
    assertThat(cleanUp.removeOld()).as("as the dry run said").isEqualTo(due);
    return due;
  }

  @Test
  void each_type_goes_when_its_own_time_is_over() {
    assertThat(after(29)).as("a bounce still has to find its package").isZero();
    assertThat(after(2)).isOne();
    assertThat(left()).isEqualTo("EVTlong EVTplain EVTshort");
    assertThat(after(30)).isOne();
    assertThat(left()).isEqualTo("EVTlong EVTplain");
    assertThat(after(670)).isOne();
    assertThat(left()).isEqualTo("EVTlong");
    assertThat(after(2_920)).isOne();
    assertThat(left()).isEmpty();
  }

  @Test
  void a_mail_with_a_link_to_unsubscribe_is_kept_as_long_as_the_link_holds() {
    RetentionConfig config =
        RetentionConfig.from(
            Settings.of(
                Map.of(
                    "unsubscribe.url", "https://mail.example.com",
                    "unsubscribe.validity", "100d")));
    cleanUp = new EventCleanUp(room.jdbi, new DeliveryCleanUp(room.jdbi, room.clock, config));
    String linked = "UPDATE work_package SET category = 'newsletter' WHERE message = 'EVTshort'";
    room.clock.tick(Duration.ofSeconds(1));
    room.settled(room.post("EVTshort", "{\"email\":\"b@example.com\",\"ctx\":{}}"));
    room.jdbi.useHandle(
        handle -> {
          handle.execute("UPDATE work_package SET state = 'sent', due_at = NULL");
          handle.execute(linked + " AND recipient = 'a@example.com'");
        });
    assertThat(after(61)).as("the hasty one, and the one without a link").isEqualTo(2);
    assertThat(left()).isEqualTo("EVTlong EVTplain EVTshort");
    room.jdbi.useHandle(handle -> handle.execute(linked));
    assertThat(after(38)).isZero();
    assertThat(after(2)).isOne();
    assertThat(left()).isEqualTo("EVTlong EVTplain");
  }

  @Test
  void a_message_that_is_off_keeps_its_word() {
    room.unpublish("EVTlong");
    room.unpublish("EVTshort");
    assertThat(after(61)).isEqualTo(2);
    assertThat(left()).isEqualTo("EVTlong EVTplain");
    assertThat(after(700)).isOne();
    assertThat(left()).isEqualTo("EVTlong");
  }
}
