package dev.retour.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is kept ready is bounded by number and by size. Here a text is as large as it is long. */
class ReadyCacheTest {
  private final List<String> made = new ArrayList<>();

  @Test
  void what_was_asked_for_longest_ago_makes_room_by_number() {
    ReadyCache<String, String> cache = cache(2, 1_000);
    ask(cache, "a", "b", "a", "c", "a", "b");
    assertThat(made).containsExactly("a", "b", "c", "b");
  }

  @Test
  void a_large_one_takes_the_room_of_many_small_ones() {
    ReadyCache<String, String> cache = cache(200, 10);
    ask(cache, "a", "b", "c", "d", "large-one", "d", "c", "large-one");
    assertThat(made).containsExactly("a", "b", "c", "d", "large-one", "c", "large-one");
  }

  @Test
  void one_that_is_too_large_is_kept_until_the_next_is_asked_for() {
    ReadyCache<String, String> cache = cache(200, 3);
    ask(cache, "large", "large", "a", "large");
    assertThat(made).containsExactly("large", "a", "large");
  }

  @Test
  void a_failure_is_not_kept() {
    ReadyCache<String, String> cache =
        new ReadyCache<>(
            2,
            1_000,
            key -> {
              made.add(key);
              if (made.size() == 1) {
                throw new IllegalStateException("not yet");
              }
              return new ReadyCache.Made<>(key, 1);
            });
    assertThatThrownBy(() -> cache.get("a")).hasMessage("not yet");
    assertThat(cache.get("a")).isEqualTo("a");
  }

  private ReadyCache<String, String> cache(int countMax, long sizeMax) {
    return new ReadyCache<>(
        countMax,
        sizeMax,
        key -> {
          made.add(key);
          return new ReadyCache.Made<>(key, key.length());
        });
  }

  private static void ask(ReadyCache<String, String> cache, String... keys) {
    for (String key : keys) {
      assertThat(cache.get(key)).isEqualTo(key);
    }
  }
}
