package dev.retour.app;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Posts events on one connection. It speaks as much HTTP as that takes: a client that shares its
 * processors with what it measures must not cost a tenth of them, as that of the JDK did.
 */
final class BenchClient implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 30_000;
  private static final int LINE_MAX = 8_000;
  private static final String ACCEPTED = "HTTP/1.1 202 ";
  private static final String OK = "HTTP/1.1 200 ";

  private final URI url;
  private final Socket socket = new Socket();
  private final InputStream in;

  BenchClient(URI url) throws IOException {
    this.url = url;
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.connect(new InetSocketAddress(url.getHost(), url.getPort()), TIMEOUT_MILLIS);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /**
   * Posts a JSON body and waits for the answer.
   *
   * @throws IOException when it is not accepted
   */
  void post(String body) throws IOException {
    String path = url.getPath();
    exchange("POST " + path, "application/json", body.getBytes(StandardCharsets.UTF_8), ACCEPTED);
  }

  /** Posts a batch of events and waits for the answers to its lines. */
  byte[] postBatch(byte[] lines) throws IOException {
    return exchange("POST " + url.getPath() + ":batch", "application/x-ndjson", lines, OK);
  }

  /** Reads another path of the same server. */
  byte[] get(String path) throws IOException {
    return exchange("GET " + path, "application/json", new byte[0], OK);
  }

  private byte[] exchange(String request, String contentType, byte[] body, String expected)
      throws IOException {
    String head =
        "%s HTTP/1.1\r\nHost: %s:%d\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
            .formatted(request, url.getHost(), url.getPort(), contentType, body.length);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(head.length() + body.length);
    bytes.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
    bytes.writeBytes(body);
    bytes.writeTo(socket.getOutputStream());
    String status = line();
    int length = -1;
    for (String header = line(); !header.isEmpty(); header = line()) {
      if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        length = Integer.parseInt(header.substring(header.indexOf(':') + 1).trim());
      }
    }
    byte[] answer = in.readNBytes(Math.max(0, length));
    if (!status.startsWith(expected) || length < 0) {
      throw new IOException(status + " " + new String(answer, StandardCharsets.UTF_8));
    }
    return answer;
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0 || line.length() > LINE_MAX) {
        throw new IOException("The engine closed the connection: " + line);
      }
      line.append((char) c);
    }
    return line.toString().stripTrailing();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
