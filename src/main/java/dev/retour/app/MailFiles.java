package dev.retour.app;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The mails in files, folders and mailbox files (mbox, RFC 4155), one at a time, so that a mailbox
 * of any size can be read.
 */
final class MailFiles {
  /** What lies beside mails in folders and is none. */
  private static final Set<String> NO_MAILS =
      Set.of(
          "tsv", "csv", "md", "py", "sh", "yaml", "yml", "xml", "html", "htm", "pdf", "png", "jpg",
          "jpeg", "gif", "zip", "gz", "java", "pl", "go", "rb", "lock", "log");

  /** The line between the mails of a mailbox file: sender and date as of {@code asctime}. */
  private static final Pattern SEPARATOR =
      Pattern.compile("From \\S+ .{0,40}\\d\\d:\\d\\d.{0,40}", Pattern.DOTALL);

  private static final int SEPARATOR_MAX = 400;

  private final int bytesMax;

  /**
   * Reads mails up to a size.
   *
   * @param bytesMax of a mail; the rest of a larger one is left out
   */
  MailFiles(int bytesMax) {
    this.bytesMax = bytesMax;
  }

  /** Takes one mail. */
  interface Visitor {
    void mail(String name, byte[] raw) throws IOException;
  }

  /**
   * Hands over every mail of a file or below a folder.
   *
   * @param visitor is told the path, below a folder the path relative to it; mails of a mailbox
   *     file have their number behind it: {@code inbox.mbox#3}
   */
  void each(Path given, Visitor visitor) throws IOException {
    if (!Files.isDirectory(given)) {
      file(given, given.toString(), visitor);
      return;
    }
    try (Stream<Path> below = Files.walk(given)) {
      for (Path file : below.filter(MailFiles::mayBeMail).sorted().toList()) {
        file(file, given.relativize(file).toString(), visitor);
      }
    }
  }

  private static boolean mayBeMail(Path file) {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    String extension = dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
    return Files.isRegularFile(file) && !name.startsWith(".") && !NO_MAILS.contains(extension);
  }

  private void file(Path file, String name, Visitor visitor) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      in.mark(8);
      boolean mailbox =
          !name.endsWith(".eml")
              && new String(in.readNBytes(5), StandardCharsets.ISO_8859_1).equals("From ");
      in.reset();
      if (mailbox) {
        mailbox(in, name, visitor);
      } else {
        visitor.mail(name, in.readNBytes(bytesMax));
      }
    }
  }

  private void mailbox(InputStream in, String name, Visitor visitor) throws IOException {
    ByteArrayOutputStream mail = new ByteArrayOutputStream();
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    boolean afterEmpty = true;
    int number = 0;
    while (readLine(in, line)) {
      byte[] read = line.toByteArray();
      if (afterEmpty && isSeparator(read)) {
        if (number > 0) {
          visitor.mail(name + "#" + number, mail.toByteArray());
        }
        number++;
        mail.reset();
      }
      mail.write(read, 0, Math.min(read.length, bytesMax - mail.size()));
      afterEmpty = read.length == 1 || (read.length == 2 && read[0] == '\r');
    }
    if (number > 0) {
      visitor.mail(name + "#" + number, mail.toByteArray());
    } else if (mail.size() > 0) {
      visitor.mail(name, mail.toByteArray());
    }
  }

  /** One line with its end; what is too long for any mail is left out. */
  private boolean readLine(InputStream in, ByteArrayOutputStream line) throws IOException {
    line.reset();
    int read = in.read();
    if (read < 0) {
      return false;
    }
    while (read >= 0) {
      if (line.size() < bytesMax) {
        line.write(read);
      }
      if (read == '\n') {
        break;
      }
      read = in.read();
    }
    return true;
  }

  private static boolean isSeparator(byte[] line) {
    if (line.length > SEPARATOR_MAX || line.length < 10 || line[0] != 'F' || line[4] != ' ') {
      return false;
    }
    return SEPARATOR
        .matcher(new String(line, StandardCharsets.ISO_8859_1).stripTrailing())
        .matches();
  }
}
