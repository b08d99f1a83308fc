package dev.retour.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retour.config.ConfigException;
import dev.retour.config.Settings;
import dev.retour.support.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {
  @TempDir Path dir;

  @Test
  void embedded_postgres_keeps_data_safely_over_a_restart() {
    StoreConfig config = config(Map.of());
    try (Database database = Database.open(config)) {
      for (String setting : new String[] {"fsync", "full_page_writes", "synchronous_commit"}) {
        assertThat(text(database, "SHOW " + setting)).as(setting).isEqualTo("on");
      }
      database.jdbi().useHandle(h -> h.execute("CREATE TABLE kept AS SELECT 42 AS n"));
    }
    try (Database database = Database.open(config)) {
      assertThat(text(database, "SELECT n FROM kept")).isEqualTo("42");
    }
  }

  @Test
  void a_fault_names_neither_the_values_nor_the_row() {
    try (Database database = Database.open(config(Map.of()))) {
      String address = "anna.secret@example.com";
      String insert =
          "INSERT INTO address (address, domain, state, changed_at)"
              + " VALUES (:address, 'example.com', 'no such state', now())";
      assertThatThrownBy(
              () ->
                  database
                      .jdbi()
                      .useHandle(h -> h.createUpdate(insert).bind("address", address).execute()))
          .isInstanceOf(org.jdbi.v3.core.JdbiException.class)
          .satisfies(fault -> assertThat(fault.getMessage()).doesNotContain("secret"));
    }
  }

  @Test
  void a_stale_pid_file_does_not_block() throws IOException {
    StoreConfig config = config(Map.of());
    Database.open(config).close();
    long ownPid = ProcessHandle.current().pid();
    Files.writeString(
        dir.resolve("data/postgres/postmaster.pid"),
        ownPid + "\n" + dir + "\n0\n" + config.embeddedPort() + "\n\n127.0.0.1\n\nready\n");
    try (Database database = Database.open(config)) {
      assertThat(database.fault()).isEmpty();
    }
  }

  @Test
  void a_port_in_use_is_one_clear_sentence() throws IOException {
    StoreConfig config = config(Map.of());
    try (ServerSocket other =
        new ServerSocket(config.embeddedPort(), 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> Database.open(config))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("Port " + other.getLocalPort())
          .hasMessageContaining("--postgres-port");
    }
  }

  @Test
  void a_data_folder_that_is_a_file_is_one_clear_sentence() throws IOException {
    Files.writeString(dir.resolve("data"), "not a folder");
    assertThatThrownBy(() -> Database.open(config(Map.of())))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("data");
  }

  @Test
  void an_unreachable_server_is_one_clear_sentence() {
    StoreConfig config =
        config(Map.of("store.jdbc-url", "jdbc:postgresql://127.0.0.1:" + Ports.free() + "/x"));
    assertThatThrownBy(() -> Database.open(config))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("store.jdbc-url")
        .hasMessageContaining("refused");
  }

  @Test
  void a_jdbc_url_of_another_database_is_refused_by_name() {
    assertThatThrownBy(() -> config(Map.of("store.jdbc-url", "jdbc:h2:mem:x")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("store.jdbc-url");
  }

  private StoreConfig config(Map<String, String> more) {
    Map<String, String> texts = new HashMap<>(more);
    texts.putIfAbsent("store.data-dir", dir.resolve("data").toString());
    texts.putIfAbsent("store.postgres-port", Integer.toString(Ports.free()));
    return StoreConfig.from(Settings.of(texts));
  }

  private static String text(Database database, String sql) {
    return database.jdbi().withHandle(h -> h.select(sql).mapTo(String.class).one());
  }
}
