package dev.retour.mail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The S/MIME keys of a folder, by From address or From domain. */
final class SmimeKeys {
  private static final String SUFFIX = ".p12";
  private static final int KEYS_MAX = 1_000;

  private final Map<String, SmimeCertificate> keys;

  private SmimeKeys(Map<String, SmimeCertificate> keys) {
    this.keys = Map.copyOf(keys);
  }

  /**
   * Reads every {@code .p12} of a folder.
   *
   * @throws SigningException for the first one that cannot be used
   */
  static SmimeKeys load(Path folder, String password) throws SigningException {
    Map<String, SmimeCertificate> keys = new HashMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().limit(KEYS_MAX).toList()) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        if (name.endsWith(SUFFIX)) {
          keys.put(
              name.substring(0, name.length() - SUFFIX.length()),
              SmimeCertificate.read(file, password));
        }
      }
    } catch (IOException e) {
      throw new SigningException("The folder of S/MIME keys cannot be read: " + folder, e);
    }
    return new SmimeKeys(keys);
  }

  Optional<SmimeCertificate> signing(EmailAddress from) {
    SmimeCertificate own = keys.get(from.key());
    return Optional.ofNullable(own != null ? own : keys.get(from.domain()));
  }
}
