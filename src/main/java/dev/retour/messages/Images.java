package dev.retour.messages;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.retour.config.FileFault;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Images that travel in the mail: {@code <img src="cid:logo.png">} shows {@code images/logo.png} of
 * the message, or of {@code _shared} (RFC 2392, RFC 2387).
 */
final class Images {
  private static final Pattern REFERENCE = Pattern.compile("(?i)\\bcid:([A-Za-z0-9._-]+)");
  private static final Base64.Encoder BASE64 =
      Base64.getMimeEncoder(76, "\r\n".getBytes(StandardCharsets.US_ASCII));

  private final String folder;
  private final Map<String, String> files;
  private final String domain;

  /**
   * Sees the images of one message.
   *
   * @param domain stands at the right of each Content-ID
   */
  Images(String folder, Map<String, String> files, String domain) {
    this.folder = folder;
    this.files = files;
    this.domain = domain;
  }

  /**
   * HTML whose references are the Content-IDs of its images, and the parts of the mail for them.
   */
  record Embedded(String html, List<byte[]> parts) {}

  Embedded embed(String file, String html, List<FileFault> faults) {
    Map<String, byte[]> parts = new LinkedHashMap<>();
    StringBuilder text = new StringBuilder();
    Matcher reference = REFERENCE.matcher(html);
    int from = 0;
    while (reference.find()) {
      String name = reference.group(1);
      String path = path(name);
      if (path == null) {
        long line = html.substring(0, reference.start()).chars().filter(c -> c == 10).count() + 1;
        faults.add(
            new FileFault(
                file,
                file.endsWith(".mjml") ? 0 : (int) line,
                "There is no image " + name + " in images/ of this message or of _shared."));
        continue;
      }
      byte[] bytes = files.getOrDefault(path, "").getBytes(ImageFile.charset(path));
      // An archive may come from strangers; what came from the folder was looked at before.
      ImageFile.fault(path, bytes).ifPresent(why -> faults.add(new FileFault(path, 0, why)));
      String id = id(name, bytes);
      text.append(html, from, reference.start()).append("cid:").append(id);
      from = reference.end();
      parts.computeIfAbsent(name, any -> part(id, path, bytes));
    }
    return new Embedded(
        text.append(html.substring(from)).toString(), new ArrayList<>(parts.values()));
  }

  private @Nullable String path(String name) {
    String own = folder + "images/" + name;
    String shared = MessageFiles.SHARED + "/images/" + name;
    return files.containsKey(own) ? own : files.containsKey(shared) ? shared : null;
  }

  /** The same image has the same name everywhere, another one never. */
  private String id(String name, byte[] bytes) {
    return name + "." + Sha256.hex(bytes, 6) + "@" + domain;
  }

  /** The same octets in every mail, so they are written once. */
  private static byte[] part(String id, String path, byte[] bytes) {
    Octets part = new Octets();
    String name = path.substring(path.lastIndexOf('/') + 1);
    part.add("Content-Type: " + ImageFile.contentType(path) + "\r\n");
    part.add("Content-ID: <" + id + ">\r\n");
    part.add("Content-Disposition: inline; filename=\"" + name + "\"\r\n");
    part.add("Content-Transfer-Encoding: base64\r\n\r\n");
    part.add(BASE64.encode(bytes));
    part.add("\r\n");
    return part.copy();
  }
}
