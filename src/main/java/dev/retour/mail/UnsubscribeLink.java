package dev.retour.mail;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The signed link of a mail by which its recipient unsubscribes (RFC 8058 section 4): it names the
 * event and nothing about a person, and nobody without a key can make one.
 *
 * <p>Token: key id (1 byte), expiry day since 1970 (2), event (16), HMAC-SHA-256 over these and a
 * purpose of its own (first 16 bytes), in base64url. A token of a return path is none.
 */
public final class UnsubscribeLink {
  private static final byte[] PURPOSE =
      "retour unsubscribe 1\0".getBytes(StandardCharsets.US_ASCII);
  private static final int HEAD_BYTES = 19;
  private static final int SIGNATURE_BYTES = 16;
  private static final int TOKEN_BYTES = HEAD_BYTES + SIGNATURE_BYTES;
  private static final int TOKEN_CHARS = (TOKEN_BYTES * 8 + 5) / 6;
  private static final long DAY_MAX = 65_535;

  private final UnsubscribeConfig config;
  private final List<SigningKey> newestFirst;
  private final Map<Integer, SigningKey> keys = new LinkedHashMap<>();

  /**
   * Signs with the first key and accepts all.
   *
   * @param keys the newest first; without any, no mail carries a link
   */
  public UnsubscribeLink(UnsubscribeConfig config, List<SigningKey> keys) {
    this.config = config;
    this.newestFirst = List.copyOf(keys);
    keys.forEach(key -> this.keys.put(key.id(), key));
  }

  /** No mail carries a link. */
  public static UnsubscribeLink none() {
    return new UnsubscribeLink(new UnsubscribeConfig("", Duration.ofDays(1)), List.of());
  }

  /** What a token turned out to be. */
  public sealed interface Token {
    /** Whose recipient unsubscribes. */
    record Valid(UUID event) implements Token {}

    /** It was ours, and its time is over. */
    record Expired() implements Token {}

    /** Not ours: forged, cut off, or of a key that was removed. */
    record Unknown() implements Token {}
  }

  /** The address for the mail of an event; empty when there is no address to put it under. */
  public Optional<String> of(UUID event, Instant now) {
    if (!config.isSet() || newestFirst.isEmpty()) {
      return Optional.empty();
    }
    SigningKey key = newestFirst.get(0);
    long day = Math.min(DAY_MAX, dayOf(now.plus(config.validity())) + 1);
    ByteBuffer token = ByteBuffer.allocate(TOKEN_BYTES);
    token.put((byte) key.id()).putShort((short) day);
    token.putLong(event.getMostSignificantBits()).putLong(event.getLeastSignificantBits());
    token.put(signature(key, token.array()));
    return Optional.of(
        config.link(Base64.getUrlEncoder().withoutPadding().encodeToString(token.array())));
  }

  /** Reads the last part of an address somebody asks for; any text. */
  public Token verify(String text, Instant now) {
    if (text.length() != TOKEN_CHARS) {
      return new Token.Unknown();
    }
    byte[] token;
    try {
      token = Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      return new Token.Unknown();
    }
    ByteBuffer head = ByteBuffer.wrap(token);
    SigningKey key = keys.get(head.get() & 0xff);
    byte[] given = Arrays.copyOfRange(token, HEAD_BYTES, token.length);
    boolean canonical = Base64.getUrlEncoder().withoutPadding().encodeToString(token).equals(text);
    if (key == null || !canonical || !MessageDigest.isEqual(signature(key, token), given)) {
      return new Token.Unknown();
    }
    int day = head.getShort() & 0xffff;
    UUID event = new UUID(head.getLong(), head.getLong());
    return dayOf(now) > day ? new Token.Expired() : new Token.Valid(event);
  }

  private static long dayOf(Instant instant) {
    return Math.floorDiv(instant.getEpochSecond(), Duration.ofDays(1).toSeconds());
  }

  private static byte[] signature(SigningKey key, byte[] token) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.secret(), "HmacSHA256"));
      mac.update(PURPOSE);
      mac.update(token, 0, HEAD_BYTES);
      return Arrays.copyOf(mac.doFinal(), SIGNATURE_BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HMAC-SHA-256 is missing from this Java runtime", e);
    }
  }
}
