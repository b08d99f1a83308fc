package dev.retour.app;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The training run for the class data archive: the whole engine in a folder of its own, one mail
 * through it, the pages once. The launcher calls it; people need not.
 */
@Command(name = "warm-up", hidden = true, description = "Training run for the class data archive.")
final class WarmUpCommand implements Callable<Integer> {
  private static final int FIRST_PORT = 29_510;

  @Option(names = "--home", required = true, description = "The installation.")
  private Path home = Path.of("");

  @Override
  public Integer call() throws IOException {
    System.setProperty("retour.home", home.toString());
    Path data = Files.createTempDirectory("retour-warm-up");
    try {
      run(data);
    } finally {
      delete(data);
    }
    return 0;
  }

  private void run(Path data) {
    Map<String, String> flags =
        Map.of(
            "store.data-dir", data.toString(),
            "store.postgres-port", Integer.toString(FIRST_PORT),
            "http.port", Integer.toString(FIRST_PORT + 1),
            "sandbox.smtp-port", Integer.toString(FIRST_PORT + 2),
            "sandbox.imap-port", Integer.toString(FIRST_PORT + 3),
            "sandbox.pop3-port", Integer.toString(FIRST_PORT + 4),
            "smtp.host", "",
            "store.jdbc-url", "");
    SettingsSource source =
        SettingsSource.read(home.resolve("no-such.properties"), flags, Map.of());
    ProcessSetup.apply(source.settings());
    try (Engine engine = Engine.start(source)) {
      ApiClient api = ApiClient.of(HttpConfig.from(engine.settings()));
      for (String type : List.of("EVTinvoiceIssued", "EVTcartAbandonment")) {
        ApiClient.Reply sample = api.get("api/v1/event-types/" + type + "/sample");
        api.post("api/v1/events/" + type, sample.json());
      }
      api.get("observe/health");
    }
  }

  private static void delete(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path dir, @Nullable IOException fault)
              throws IOException {
            Files.delete(dir);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
