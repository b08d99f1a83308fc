package dev.retour.mail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * DKIM keys of a folder or of a domain rule. A key is replaced by adding its successor with the day
 * from which it signs: both stay published while mails signed by the old one are on their way.
 */
public final class DkimKeys {
  private static final int KEYS_MAX = 1_000;
  private static final String SUFFIX = ".pem";

  /** Signs nothing. */
  public static final DkimKeys NONE = new DkimKeys(List.of());

  private final List<DkimKey> keys;

  private DkimKeys(List<DkimKey> keys) {
    this.keys = List.copyOf(keys);
  }

  /**
   * Reads {@code <folder>/<domain>/<selector>.<yyyy-mm-dd>.pem}; other files are not looked at.
   *
   * @throws SigningException for the first file that cannot be used
   */
  public static DkimKeys load(Path folder) throws SigningException {
    List<DkimKey> keys = new ArrayList<>();
    for (Path domain : list(folder)) {
      if (Files.isDirectory(domain)) {
        for (Path file : list(domain)) {
          if (name(file).endsWith(SUFFIX)) {
            keys.add(read(file, DomainName.ascii(name(domain)).orElse(name(domain))));
          }
        }
      }
    }
    if (keys.size() > KEYS_MAX) {
      throw new SigningException("There are more than " + KEYS_MAX + " DKIM keys.", null);
    }
    return new DkimKeys(keys);
  }

  /** These keys. */
  public static DkimKeys of(List<DkimKey> keys) {
    return new DkimKeys(keys);
  }

  boolean isEmpty() {
    return keys.isEmpty();
  }

  /** Whether a key is for mails from that domain, active or not. */
  boolean coversFrom(String fromDomain) {
    return keys.stream()
        .anyMatch(
            each -> fromDomain.equals(each.domain()) || fromDomain.endsWith("." + each.domain()));
  }

  /** All of them, by domain, the newest last. */
  public List<DkimKey> all() {
    return keys.stream()
        .sorted(Comparator.comparing(DkimKey::domain).thenComparing(DkimKey::activeFrom))
        .toList();
  }

  /**
   * The newest active key of each algorithm, of the domain or the nearest one above it that has
   * keys: only such a signature is aligned with the From field (RFC 7489 section 3.1.1). RSA comes
   * first.
   */
  public List<DkimKey> signing(String fromDomain, Instant now) {
    for (String domain = fromDomain; domain.indexOf('.') > 0; domain = above(domain)) {
      String wanted = domain;
      List<DkimKey> own = keys.stream().filter(each -> each.domain().equals(wanted)).toList();
      if (!own.isEmpty()) {
        return Stream.of(newest(own, false, now), newest(own, true, now))
            .flatMap(Optional::stream)
            .toList();
      }
    }
    return List.of();
  }

  private static Optional<DkimKey> newest(List<DkimKey> own, boolean ed25519, Instant now) {
    return own.stream()
        .filter(each -> each.isEd25519() == ed25519)
        .filter(each -> !each.activeFrom().isAfter(now))
        .max(Comparator.comparing(DkimKey::activeFrom).thenComparing(DkimKey::selector));
  }

  private static String above(String domain) {
    return domain.substring(domain.indexOf('.') + 1);
  }

  private static DkimKey read(Path file, String domain) throws SigningException {
    String name = name(file).substring(0, name(file).length() - SUFFIX.length());
    int dot = name.lastIndexOf('.');
    try {
      LocalDate from = LocalDate.parse(name.substring(dot + 1));
      return DkimKey.read(
          file,
          domain,
          name.substring(0, Math.max(0, dot)),
          from.atStartOfDay(ZoneOffset.UTC).toInstant());
    } catch (DateTimeParseException e) {
      throw new SigningException(
          "DKIM key " + file + " must be named <selector>.<yyyy-mm-dd>.pem.", e);
    }
  }

  @Override
  public String toString() {
    return keys.toString();
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  private static List<Path> list(Path folder) throws SigningException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().limit(KEYS_MAX).toList();
    } catch (IOException e) {
      throw new SigningException("The folder of DKIM keys cannot be read: " + folder, e);
    }
  }
}
