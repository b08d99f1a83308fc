package dev.retour.domains;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Rules for tests of this and other rooms, from the text of a file. */
public final class TestRules {
  private TestRules() {}

  public static Domains of(String domains, String mx) {
    return new Domains(domains(domains), mx(mx));
  }

  public static DomainRules domains(String yaml) {
    return DomainRules.load(file(yaml), Path.of(""), Map.of());
  }

  public static MxRules mx(String yaml) {
    return MxRules.load(file(yaml));
  }

  private static Path file(String yaml) {
    try {
      Path file = Files.createTempFile("retour", ".rules.yaml");
      file.toFile().deleteOnExit();
      return Files.writeString(file, yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
