package dev.retour.support;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * An ERP that is told facts: a real HTTP server that notes what it got and answers as a test says.
 */
public final class ErpEndpoint implements AutoCloseable {
  /** Answers a request; what it does not answer hangs. */
  public interface Script {
    void answer(Received received, HttpExchange exchange) throws IOException;
  }

  /** A request. */
  @SuppressWarnings("ArrayRecordComponent") // bytes are handed over, not compared
  public record Received(String path, Map<String, String> headers, byte[] body) {
    public String header(String name) {
      return headers.getOrDefault(name, "");
    }

    public String text() {
      return new String(body, java.nio.charset.StandardCharsets.UTF_8);
    }
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private volatile Script script = (got, exchange) -> exchange.sendResponseHeaders(204, -1);

  public ErpEndpoint() {
    this(Ports.free());
  }

  public ErpEndpoint(int port) {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 50);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/retour?key=1";
  }

  public void says(Script answer) {
    script = answer;
  }

  /** Always this status, with this text. */
  public void says(int status, String text) {
    says(
        (got, exchange) -> {
          byte[] body = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
          exchange.getResponseBody().write(body);
        });
  }

  public List<Received> received() {
    return received;
  }

  private void handle(HttpExchange exchange) throws IOException {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.get(0)));
    Received got =
        new Received(
            exchange.getRequestURI().toString(), headers, exchange.getRequestBody().readAllBytes());
    received.add(got);
    script.answer(got, exchange);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
