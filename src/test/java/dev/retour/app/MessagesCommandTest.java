package dev.retour.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.store.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The life cycle of a message, as an operator types it. */
class MessagesCommandTest {
  private static final String ID = "EVTcartAbandonment";

  @TempDir Path dir;
  private Terminal terminal = new Terminal(Path.of(""));
  private Path folder = Path.of("");

  @BeforeEach
  void sit_down() throws IOException {
    terminal = new Terminal(dir);
    folder = dir.resolve("messages");
    copy(Path.of("messages"), folder);
  }

  @Test
  void an_operator_publishes_pauses_changes_resumes_and_rolls_back() throws Exception {
    try (Database database = terminal.store()) {
      assertThat(database.jdbi()).isNotNull();
      assertThat(run("list")).isZero();
      assertThat(terminal.out()).contains(ID, "a draft: publish it");
      assertThat(run("publish", ID, "--why", "first")).isZero();
      assertThat(terminal.out()).contains("Version 1 is in force.");
      assertThat(run("publish", ID)).isEqualTo(1);
      assertThat(terminal.out()).contains("There is nothing to publish");

      assertThat(run("pause", ID, "--why", "wrong price")).isZero();
      Files.writeString(folder.resolve(ID + "/subject.txt"), "Come back");
      assertThat(run("list")).isZero();
      assertThat(terminal.out()).contains("paused", "the folder differs", "wrong price");
      assertThat(run("diff", ID)).isZero();
      assertThat(terminal.out()).contains("--- " + ID + "/subject.txt", "+Come back");
      assertThat(run("resume", ID)).isZero();
      assertThat(terminal.out()).contains("resumed with version 2");

      assertThat(run("rollback", ID)).isZero();
      assertThat(terminal.out()).contains("Version 1 is in force again instead of 2.");
      assertThat(run("diff", ID, "--from", "1", "--to", "2")).isZero();
      assertThat(terminal.out()).contains("+Come back");
      assertThat(run("diff", ID, "--from", "7")).isEqualTo(1);
      assertThat(terminal.out()).contains("There is no version 7.");
      assertThat(run("show", ID)).isZero();
      assertThat(terminal.out()).contains("rolled back", "resumed", "paused", "published");
      assertThat(run("show", ID, "--json")).isZero();
      assertThat(terminal.out()).contains("\"number\" : 2");
    }
  }

  @Test
  void what_ends_something_asks_first() {
    try (Database database = terminal.store()) {
      assertThat(database.jdbi()).isNotNull();
      run("publish", ID);
      assertThat(run("unpublish", ID)).isZero();
      assertThat(terminal.out()).contains("Nothing was changed; add --yes.");
      assertThat(run("delete", ID, "--yes")).isEqualTo(1);
      assertThat(run("unpublish", ID, "--yes")).isZero();
      assertThat(run("delete", ID, "--yes")).isZero();
      assertThat(terminal.out()).contains("It is deleted.");
      assertThat(run("show", ID)).isZero();
      assertThat(terminal.out()).contains("deleted", "unpublished");
    }
  }

  @Test
  void faults_are_said_with_file_and_line_and_nothing_is_published() throws Exception {
    try (Database database = terminal.store()) {
      assertThat(database.jdbi()).isNotNull();
      Files.writeString(folder.resolve(ID + "/subject.txt"), "Hello\n[=ctx.nobody]");
      assertThat(run("check", ID)).isEqualTo(2);
      assertThat(terminal.out()).contains(ID + "/subject.txt:2: ");
      assertThat(run("publish", ID)).isEqualTo(2);
      assertThat(terminal.out()).contains("Nothing was published.");
      assertThat(run("check", "EVTinvoiceIssued")).isZero();
      assertThat(run("publish", "../" + ID)).isEqualTo(1);
      assertThat(terminal.out()).contains("That is no id of a message");
    }
  }

  @Test
  void an_archive_brings_messages_to_another_installation() throws Exception {
    Path file = dir.resolve("messages.zip");
    try (Database database = terminal.store()) {
      assertThat(database.jdbi()).isNotNull();
      assertThat(run("export", file.toString(), ID)).isEqualTo(1);
      assertThat(terminal.out()).contains("No version of " + ID + " is in force.");
      run("publish", ID, "EVTinvoiceIssued");
      assertThat(run("export", file.toString())).isZero();
      assertThat(run("export", file.toString())).isEqualTo(1);
      assertThat(terminal.out()).contains("--overwrite");
    }
    terminal = new Terminal(dir.resolve("production"));
    Path nothing = Files.createDirectories(dir.resolve("production/messages"));
    folder = nothing;
    try (Database database = terminal.store()) {
      assertThat(database.jdbi()).isNotNull();
      assertThat(run("import", file.toString())).isZero();
      assertThat(terminal.out()).contains("new, version 1", "Nothing was changed; add --yes");
      assertThat(run("list")).isZero();
      assertThat(terminal.out()).contains("There is no message");
      assertThat(run("import", file.toString(), "--yes")).isZero();
      assertThat(run("list")).isZero();
      assertThat(terminal.out()).contains(ID, "published", "no folder", "from messages.zip");
      assertThat(run("import", file.toString(), "--yes")).isZero();
      assertThat(terminal.out()).contains("the same is in force");
      Files.writeString(file, "PK, but no zip");
      assertThat(run("import", file.toString(), "--yes")).isEqualTo(2);
      assertThat(terminal.out()).contains("This is no archive of ./retour messages export");
    }
  }

  @Test
  void settings_may_be_given_before_and_after_the_name_of_the_sub_command() {
    try (Database database = terminal.store()) {
      assertThat(database.jdbi()).isNotNull();
      assertThat(terminal.beside("messages", "list", "--set", "messages.folder=" + folder))
          .isZero();
      assertThat(terminal.out()).contains(ID);
      assertThat(terminal.beside("quarantine", "held")).isZero();
      assertThat(terminal.out()).contains("Nothing is held.");
    }
  }

  private int run(String... words) {
    List<String> all = new ArrayList<>(List.of("--set", "messages.folder=" + folder));
    all.addAll(List.of(words));
    return terminal.beside("messages", all.toArray(String[]::new));
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
  }
}
