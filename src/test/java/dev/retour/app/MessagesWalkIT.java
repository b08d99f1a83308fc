package dev.retour.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.app.RetourProcess.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/messages.md tells a newcomer to write and to type, written and typed as it stands. */
class MessagesWalkIT {
  private static final Path DOCS = Path.of("docs/messages.md");
  private static final String TYPE = "EVTcartReminder";
  private static final Pattern BLOCK =
      Pattern.compile("(?:`(messages/[^`]+)`:\n\n)?```(\\w+)\n(.*?)```\n", Pattern.DOTALL);
  private static final String START = "./retour up ";
  private static final String BASE = "http://127.0.0.1:8085";

  @TempDir Path dir;
  private int commands;

  @Test
  void a_newcomer_gets_from_an_idea_to_a_mail_and_back() throws Exception {
    String docs = Files.readString(DOCS);
    String walk = docs.substring(docs.indexOf("## From an idea"), docs.indexOf("## What puts"));
    try (RetourProcess retour = new RetourProcess(dir)) {
      Matcher blocks = BLOCK.matcher(walk);
      while (blocks.find()) {
        if (blocks.group(1) != null) {
          write(dir.resolve(blocks.group(1)), blocks.group(3));
        } else {
          assertThat(blocks.group(2)).isEqualTo("console");
          type(retour, blocks.group(3));
        }
      }
      assertThat(commands).isEqualTo(18);
      await(() -> assertThat(captured(retour)).hasSize(3));
      assertThat(captured(retour))
          .anySatisfy(mail -> assertThat(mail).contains("Subject: Proof 1: Ada, your cart"))
          .anySatisfy(mail -> assertThat(mail).contains("Subject: Ada, your cart is waiting"))
          .anySatisfy(mail -> assertThat(mail).contains("Subject: Ada, we kept your cart"))
          .allSatisfy(mail -> assertThat(mail).contains("Storm lantern"));
      assertThat(dir.resolve("messages/" + TYPE)).isDirectory();
    }
  }

  private static List<String> captured(RetourProcess retour) throws IOException {
    return retour.captured();
  }

  /** Commands after a dollar sign, each with what it is to print below it. */
  private void type(RetourProcess retour, String block) throws Exception {
    for (String each : block.split("(?m)^\\$ ", -1)) {
      if (each.isBlank()) {
        continue;
      }
      List<String> lines = each.lines().toList();
      List<String> expected = lines.subList(1, lines.size());
      commands++;
      // What the engine does by itself a moment later is asked for until it is so.
      if (lines.get(0).startsWith("./retour events list")) {
        await(() -> check(lines.get(0), expected, run(retour, lines.get(0))));
      } else {
        check(lines.get(0), expected, run(retour, lines.get(0)));
      }
    }
  }

  private static void check(String command, List<String> expected, String output) {
    for (String line : expected) {
      String pattern =
          Arrays.stream(line.split("…", -1))
              .map(Pattern::quote)
              .reduce((a, b) -> a + ".*" + b)
              .orElse("");
      assertThat(Pattern.compile(pattern).matcher(output).find())
          .as("%s prints %s; it printed: %s", command, line, output)
          .isTrue();
    }
  }

  private String run(RetourProcess retour, String command) throws Exception {
    if (command.startsWith(START)) {
      retour.up(command.substring(START.length()).split(" ", -1));
      return "";
    }
    return command.startsWith("curl ") ? curl(retour, command) : retour(retour, command);
  }

  private String retour(RetourProcess retour, String command) {
    List<String> words = new ArrayList<>();
    Matcher word = Pattern.compile("\"([^\"]*)\"|(\\S+)").matcher(command);
    while (word.find()) {
      words.add(word.group(1) == null ? word.group(2) : word.group(1));
    }
    assertThat(words.remove(0)).isEqualTo("./retour");
    words.replaceAll(each -> each.endsWith(".eml") ? dir.resolve(each).toString() : each);
    words.addAll(List.of("--config", dir.resolve("application.properties").toString()));
    words.addAll(List.of("--data-dir", dir.resolve("data").toString()));
    words.addAll(List.of("--postgres-port", Integer.toString(retour.postgresPort)));
    words.addAll(List.of("--http-port", Integer.toString(retour.httpPort)));
    words.addAll(List.of("--set", "messages.folder=" + dir.resolve("messages")));
    Terminal terminal = new Terminal(dir);
    assertThat(terminal.run(words.toArray(String[]::new)))
        .as("%s: %s", command, terminal.out())
        .isZero();
    return terminal.out();
  }

  /** The two forms of it that the text uses: get into a file, post a file as JSON. */
  private String curl(RetourProcess retour, String command) throws IOException {
    assertThat(command).contains(BASE);
    String path = command.substring(command.indexOf(BASE) + BASE.length());
    if (path.contains(" >")) {
      String[] parts = path.split(" >", 2);
      Files.writeString(dir.resolve(parts[1]), retour.get(parts[0]).json().toString());
      return "";
    }
    assertThat(command).startsWith("curl -s -H 'Content-Type: application/json' -d @event.json ");
    Reply reply = retour.post(path, Files.readString(dir.resolve("event.json")));
    return reply.json().toString();
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private interface Check {
    void run() throws Exception;
  }

  private static void await(Check check) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (true) {
      try {
        check.run();
        return;
      } catch (AssertionError e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
      }
    }
  }
}
