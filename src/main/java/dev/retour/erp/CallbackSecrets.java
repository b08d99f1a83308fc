package dev.retour.erp;

import dev.retour.config.ConfigException;
import dev.retour.config.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Signs callbacks as Standard Webhooks has it: HMAC-SHA256 over id, time and body. Every secret
 * signs, so that a receiver with the old or the new one can verify.
 */
public final class CallbackSecrets {
  static final CallbackSecrets NONE = new CallbackSecrets(List.of());

  private static final String PREFIX = "whsec_";
  private static final String HMAC = "HmacSHA256";
  private static final int BYTES_MIN = 24;
  private static final int BYTES_MAX = 64;
  private static final int SECRETS_MAX = 5;
  private static final long FILE_BYTES_MAX = 10_000;

  private final List<SecretKeySpec> keys;

  private CallbackSecrets(List<SecretKeySpec> keys) {
    this.keys = List.copyOf(keys);
  }

  /**
   * Reads them from their setting or their file.
   *
   * @throws ConfigException when that cannot be done; it shows none of them
   */
  public static CallbackSecrets from(Settings settings) {
    String text = settings.get(CallbackConfig.SECRETS);
    return settings
        .find(CallbackConfig.SECRETS_FILE)
        .map(file -> of(CallbackConfig.SECRETS_FILE.key(), read(file)))
        .orElseGet(() -> of(CallbackConfig.SECRETS.key(), text));
  }

  /**
   * Reads secrets.
   *
   * @param key the setting they are from, for its fault
   * @param text separated by white space or commas; lines that begin with # are comments
   */
  static CallbackSecrets of(String key, String text) {
    List<SecretKeySpec> keys = new ArrayList<>();
    text.lines()
        .filter(line -> !line.strip().startsWith("#"))
        .forEach(
            line -> {
              for (String secret : line.split("[\\s,]+", -1)) {
                if (!secret.isEmpty()) {
                  keys.add(key(key, secret));
                }
              }
            });
    if (keys.size() > SECRETS_MAX) {
      throw new ConfigException(key, "***", "must be at most " + SECRETS_MAX + " secrets");
    }
    return new CallbackSecrets(keys);
  }

  private static SecretKeySpec key(String key, String secret) {
    byte[] bytes = {};
    try {
      bytes =
          Base64.getDecoder()
              .decode(secret.startsWith(PREFIX) ? secret.substring(PREFIX.length()) : secret);
    } catch (IllegalArgumentException e) {
      // Told below, without the secret.
    }
    if (bytes.length < BYTES_MIN || bytes.length > BYTES_MAX) {
      throw new ConfigException(
          key, "***", "must be whsec_ and base64 of " + BYTES_MIN + " to " + BYTES_MAX + " bytes");
    }
    return new SecretKeySpec(bytes, HMAC);
  }

  private static String read(Path file) {
    try {
      if (Files.size(file) > FILE_BYTES_MAX) {
        throw new IOException("it is larger than " + FILE_BYTES_MAX + " bytes");
      }
      return Files.readString(file);
    } catch (IOException e) {
      ConfigException fault =
          new ConfigException(
              CallbackConfig.SECRETS_FILE.key(), file, "cannot be read: " + e.getMessage());
      fault.initCause(e);
      throw fault;
    }
  }

  boolean isEmpty() {
    return keys.isEmpty();
  }

  /**
   * The header {@code webhook-signature}.
   *
   * @param id without a full stop
   * @param at of the attempt
   */
  String sign(String id, Instant at, byte[] body) {
    byte[] head = (id + "." + at.getEpochSecond() + ".").getBytes(StandardCharsets.US_ASCII);
    List<String> signatures = new ArrayList<>();
    for (SecretKeySpec key : keys) {
      try {
        Mac mac = Mac.getInstance(HMAC);
        mac.init(key);
        mac.update(head);
        signatures.add("v1," + Base64.getEncoder().encodeToString(mac.doFinal(body)));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("HMAC-SHA-256 is missing from this Java runtime", e);
      }
    }
    return String.join(" ", signatures);
  }

  /** Whether they sign alike. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CallbackSecrets those && keys.equals(those.keys);
  }

  @Override
  public int hashCode() {
    return keys.hashCode();
  }

  @Override
  public String toString() {
    return keys.size() + " secrets";
  }
}
