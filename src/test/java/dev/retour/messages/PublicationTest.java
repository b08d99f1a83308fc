package dev.retour.messages;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.retour.config.Settings;
import dev.retour.support.TestDatabase;
import dev.retour.support.TickingClock;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes in force can be read again, undone, and compared, whatever it holds. */
class PublicationTest {
  private static final String ID = "EVTtest";
  private static final String PROFILE =
      "{\"email\":\"ann@example.com\",\"ctx\":{\"name\":\"Ann\"}}";

  @TempDir Path root;
  private final Jdbi jdbi = TestDatabase.fresh();
  private MessageFolder folder;
  private MessagesModule room;

  @BeforeEach
  void open() {
    folder = new MessageFolder(root);
    room = another();
  }

  @Test
  void a_file_no_version_can_hold_is_refused_and_not_found_out_later() {
    folder.write("EVTtest/test-profiles/sample (1).json", "{}");
    assertThat(room.folders().check(ID))
        .anySatisfy(
            fault -> {
              assertThat(fault.file()).isEqualTo("EVTtest/test-profiles/sample (1).json");
              assertThat(fault.text()).contains("letters, digits, dots, hyphens and underscores");
            });
    assertThat(publish()).isInstanceOf(LifecycleAnswer.Refused.class);
    assertThat(room.messages().standing(ID)).isEqualTo(new Standing.Unknown());
  }

  @Test
  void more_files_than_a_version_holds_are_refused() {
    for (int i = 0; i < 510; i++) {
      folder.write("EVTtest/test-profiles/p" + i + ".json", PROFILE);
    }
    assertThat(((LifecycleAnswer.Refused) publish()).faults())
        .anySatisfy(fault -> assertThat(fault.text()).contains("at most 500 files"));
  }

  @Test
  void a_roll_back_passes_over_a_version_that_was_rolled_back_from() {
    publish();
    publish("Second");
    publish("Third, bad");
    room.lifecycle().rollBack(order(), null);
    publish("Fourth, bad");
    room.lifecycle().rollBack(order(), null);
    assertThat(room.messages().standing(ID)).isEqualTo(new Standing.Published(2));
    room.lifecycle().rollBack(order(), null);
    assertThat(room.messages().standing(ID)).isEqualTo(new Standing.Published(1));
    assertThat(room.lifecycle().rollBack(order(), null))
        .isInstanceOf(LifecycleAnswer.NotPossible.class);
  }

  @Test
  void what_cannot_be_used_any_more_can_be_published_as_it_is() {
    publish();
    jdbi.useHandle(handle -> handle.execute("UPDATE message_content SET archive = '\\x00'"));
    room = another();
    assertThat(room.messages().published(ID)).isEmpty();
    assertThat(publish()).isInstanceOf(LifecycleAnswer.Done.class);
    assertThat(room.messages().published(ID)).isPresent();
    assertThat(publish()).isInstanceOf(LifecycleAnswer.NotPossible.class);
  }

  @Test
  void a_re_indented_file_of_thousands_of_lines_is_compared_within_bounds() {
    SortedMap<String, String> before = new TreeMap<>(Map.of("EVTtest/message.html", lines(" ")));
    SortedMap<String, String> after = new TreeMap<>(Map.of("EVTtest/message.html", lines("  ")));
    long allocated = allocated();
    List<String> diff = MessageDiff.between(before, after);
    assertThat(allocated() - allocated).isLessThan(60_000_000);
    assertThat(diff).hasSizeGreaterThan(6_000).contains("- 17", "+  17");
  }

  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }

  private static String lines(String indent) {
    return IntStream.range(0, 3_000).mapToObj(i -> indent + i + "\n").collect(Collectors.joining());
  }

  private MessagesModule another() {
    TickingClock clock = new TickingClock();
    return new MessagesModule(
        MessagesConfig.from(Settings.of(Map.of("messages.folder", root.toString()))),
        jdbi,
        clock,
        clock);
  }

  private LifecycleAnswer publish() {
    return room.lifecycle().publish(order());
  }

  private void publish(String subject) {
    folder.write("EVTtest/subject.txt", subject);
    assertThat(publish()).isInstanceOf(LifecycleAnswer.Done.class);
  }

  private static MessageOrder order() {
    return new MessageOrder(ID, "ann", "");
  }
}
