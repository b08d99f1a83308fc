package dev.retour.sandbox;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.InternetHeaders;
import jakarta.mail.internet.MimeUtility;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The mails the sink took, newest first and bounded. Each is one file: the envelope as header lines
 * in front, then the bytes as they came; on disk before the client hears 250, so that counting
 * survives a kill.
 */
final class CapturedMails {
  private static final String FROM = "X-Sandbox-From: ";
  private static final String TO = "X-Sandbox-To: ";

  /** Always the last envelope line: what follows is the mail. */
  private static final String RECEIVED_AT = "X-Sandbox-Received-At: ";

  private static final int HEADER_BYTES_MAX = 65_536;
  private static final int SUBJECT_CHARS_MAX = 200;

  private final Path folder;
  private final InstantSource clock;
  private final int max;
  private final Deque<CapturedMail> newestFirst = new ArrayDeque<>();
  private long lastId;

  CapturedMails(Path folder, InstantSource clock, int max) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.clock = clock;
    this.max = max;
    for (Path file : DurableFiles.list(folder)) {
      lastId = DurableFiles.number(file);
      newestFirst.addFirst(read(file, lastId));
    }
    dropOldest();
  }

  /** Keeps one mail; when this returns it is on disk. */
  synchronized CapturedMail add(String from, List<String> to, byte[] raw) throws IOException {
    long id = lastId + 1;
    Instant now = clock.instant();
    StringBuilder envelope = new StringBuilder(FROM).append(from).append("\r\n");
    to.forEach(recipient -> envelope.append(TO).append(recipient).append("\r\n"));
    envelope.append(RECEIVED_AT).append(now).append("\r\n");
    DurableFiles.write(
        folder.resolve(DurableFiles.name(id)),
        envelope.toString().getBytes(StandardCharsets.UTF_8),
        raw);
    lastId = id;
    CapturedMail mail = new CapturedMail(id, now, from, to, subject(raw), raw.length);
    newestFirst.addFirst(mail);
    dropOldest();
    return mail;
  }

  synchronized List<CapturedMail> newest(int limit) {
    List<CapturedMail> answer = new ArrayList<>();
    Iterator<CapturedMail> mails = newestFirst.iterator();
    while (mails.hasNext() && answer.size() < limit) {
      answer.add(mails.next());
    }
    return answer;
  }

  /** How many were ever captured, those no longer kept included. */
  synchronized long count() {
    return lastId;
  }

  Optional<byte[]> raw(long id) throws IOException {
    Path file = folder.resolve(DurableFiles.name(id));
    if (id < 1 || !Files.isRegularFile(file)) {
      return Optional.empty();
    }
    byte[] content = Files.readAllBytes(file);
    int start = mailStart(content);
    byte[] raw = new byte[content.length - start];
    System.arraycopy(content, start, raw, 0, raw.length);
    return Optional.of(raw);
  }

  private void dropOldest() throws IOException {
    while (newestFirst.size() > max) {
      CapturedMail oldest = newestFirst.removeLast();
      Files.deleteIfExists(folder.resolve(DurableFiles.name(oldest.id())));
    }
  }

  private static CapturedMail read(Path file, long id) throws IOException {
    byte[] head;
    try (var in = Files.newInputStream(file)) {
      head = in.readNBytes(HEADER_BYTES_MAX);
    }
    int start = mailStart(head);
    String from = "";
    Instant receivedAt = Instant.EPOCH;
    List<String> to = new ArrayList<>();
    for (String line : new String(head, 0, start, StandardCharsets.UTF_8).split("\r\n", -1)) {
      if (line.startsWith(FROM)) {
        from = line.substring(FROM.length());
      } else if (line.startsWith(TO)) {
        to.add(line.substring(TO.length()));
      } else if (line.startsWith(RECEIVED_AT)) {
        receivedAt = Instant.parse(line.substring(RECEIVED_AT.length()));
      }
    }
    byte[] mail = new byte[head.length - start];
    System.arraycopy(head, start, mail, 0, mail.length);
    return new CapturedMail(id, receivedAt, from, to, subject(mail), Files.size(file) - start);
  }

  private static int mailStart(byte[] content) throws IOException {
    String text =
        new String(
            content, 0, Math.min(content.length, HEADER_BYTES_MAX), StandardCharsets.ISO_8859_1);
    int last = text.indexOf(RECEIVED_AT);
    int end = last < 0 ? -1 : text.indexOf("\r\n", last);
    if (end < 0) {
      throw new IOException("A captured mail has lost its envelope; remove sandbox.dir/captured.");
    }
    return end + 2;
  }

  private static @Nullable String subject(byte[] raw) {
    int length = Math.min(raw.length, HEADER_BYTES_MAX);
    try {
      String[] found =
          new InternetHeaders(new ByteArrayInputStream(raw, 0, length)).getHeader("Subject");
      if (found == null || found.length == 0) {
        return null;
      }
      String unfolded = MimeUtility.unfold(found[0]);
      String text = unfolded;
      try {
        text = MimeUtility.decodeText(unfolded);
      } catch (UnsupportedEncodingException unknownCharset) {
        // The encoded form is still better than no subject.
      }
      return text.length() <= SUBJECT_CHARS_MAX ? text : text.substring(0, SUBJECT_CHARS_MAX);
    } catch (MessagingException | NoSuchElementException unreadable) {
      return null;
    }
  }
}
