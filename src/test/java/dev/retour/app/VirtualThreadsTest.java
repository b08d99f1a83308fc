package dev.retour.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.app.AppConfig.VirtualThreads;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VirtualThreadsTest {
  /** From 21 to 23 a thread that waits inside a lock keeps its processor's thread. */
  @ParameterizedTest
  @CsvSource({
    "AUTO, 17, false",
    "AUTO, 23, false",
    "AUTO, 24, true",
    "AUTO, 25, true",
    "ON, 21, true",
    "OFF, 25, false"
  })
  void by_themselves_they_are_used_where_a_lock_does_not_pin_them(
      VirtualThreads setting, int java, boolean used) {
    assertThat(setting.areUsed(java)).isEqualTo(used);
  }
}
