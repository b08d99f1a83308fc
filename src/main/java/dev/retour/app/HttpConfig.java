package dev.retour.app;

import dev.retour.config.Setting;
import dev.retour.config.Settings;
import java.util.List;

/**
 * Where the console, the HTTP interface, health and metrics are.
 *
 * @param host the address listened on; loopback unless a reverse proxy with a login stands before
 *     it
 */
public record HttpConfig(String host, int port, int bodyBytesMax) {
  public static final Setting<String> HOST =
      Setting.text(
          "http.host",
          "127.0.0.1",
          "Address the HTTP interface listens on. There is no login: expose it only behind a proxy"
              + " that has one.");
  public static final Setting<Integer> PORT =
      Setting.port("http.port", 8085, "Port of console, HTTP interface, health and metrics.");
  public static final Setting<Integer> BODY_BYTES_MAX =
      Setting.number(
          "http.body-bytes-max",
          16_000_000,
          10_000,
          500_000_000,
          "bytes",
          "The largest request body taken in, attachment included.");
  public static final List<Setting<?>> SETTINGS = List.of(HOST, PORT, BODY_BYTES_MAX);

  public static HttpConfig from(Settings settings) {
    return new HttpConfig(settings.get(HOST), settings.get(PORT), settings.get(BODY_BYTES_MAX));
  }
}
