package dev.retour.mail;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The signed envelope sender {@code bounce+<token>@domain}: only who holds a key can name a package
 * of ours, so a forged bounce reaches no address.
 *
 * <p>Token: key id (1 byte), expiry day since 1970 (2), package id (8), HMAC-SHA-256 over these and
 * the purpose (first 12 bytes, 96 bits), in lower-case base32, because the local part may change
 * case on its way (RFC 5321 2.4).
 */
public final class ReturnPath {
  private static final String PURPOSE = "retour return path 1\0";
  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
  private static final int HEAD_BYTES = 11;
  private static final int SIGNATURE_BYTES = 12;
  private static final int TOKEN_BYTES = HEAD_BYTES + SIGNATURE_BYTES;
  private static final int TOKEN_CHARS = (TOKEN_BYTES * 8 + 4) / 5;
  private static final int LOCAL_OCTETS_MAX = 64;
  private static final long DAY_MAX = 65_535;

  private final String prefix;
  private final String domain;
  private final Duration validity;
  private final SigningKey current;
  private final Map<Integer, SigningKey> keys = new LinkedHashMap<>();

  /**
   * Signs with the first key and accepts all.
   *
   * @param localPart what stands before the plus sign, for instance {@code bounce}
   * @param domain where bounces are received
   * @param validity how long a bounce to this sender counts, rounded up to whole days
   * @param keys the newest first
   * @throws IllegalArgumentException when there is no key, an id is used twice, or the local part
   *     would exceed 64 octets
   */
  public ReturnPath(String localPart, String domain, Duration validity, List<SigningKey> keys) {
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("must have at least one signing key");
    }
    this.prefix = localPart.toLowerCase(Locale.ROOT) + "+";
    this.domain = domain.toLowerCase(Locale.ROOT);
    this.validity = validity;
    this.current = keys.get(0);
    for (SigningKey key : keys) {
      if (this.keys.put(key.id(), key) != null) {
        throw new IllegalArgumentException("must not use the key id " + key.id() + " twice");
      }
    }
    if (prefix.length() + TOKEN_CHARS > LOCAL_OCTETS_MAX) {
      throw new IllegalArgumentException(
          "must have a local part of at most " + (LOCAL_OCTETS_MAX - TOKEN_CHARS - 1) + " letters");
    }
  }

  /** The envelope sender for one package. */
  public String sign(long packageId, Instant now) {
    long day = Math.min(DAY_MAX, dayOf(now.plus(validity)) + 1);
    ByteBuffer token = ByteBuffer.allocate(TOKEN_BYTES);
    token.put((byte) current.id()).putShort((short) day).putLong(packageId);
    token.put(signature(current, token.array()));
    return prefix + encode(token.array()) + "@" + domain;
  }

  /**
   * Whose bounce arrived at this address.
   *
   * @return the package id, or nothing when the address carries no token of ours, a forged one, one
   *     of an unknown key, or one that has expired
   */
  public Optional<Long> verify(String address, Instant now) {
    byte[] token = tokenOf(address);
    if (token == null) {
      return Optional.empty();
    }
    ByteBuffer head = ByteBuffer.wrap(token);
    SigningKey key = keys.get(head.get() & 0xff);
    if (key == null) {
      return Optional.empty();
    }
    byte[] given = Arrays.copyOfRange(token, HEAD_BYTES, TOKEN_BYTES);
    if (!MessageDigest.isEqual(signature(key, token), given)) {
      return Optional.empty();
    }
    int day = head.getShort() & 0xffff;
    return dayOf(now) > day ? Optional.empty() : Optional.of(head.getLong());
  }

  /** Whether an address looks like one of ours, be its token true, forged or expired. */
  public boolean isSigned(String address) {
    return tokenOf(address) != null;
  }

  private byte @Nullable [] tokenOf(String address) {
    int at = address.lastIndexOf('@');
    String local = (at < 0 ? address : address.substring(0, at)).toLowerCase(Locale.ROOT);
    boolean ours = at < 0 || address.substring(at + 1).equalsIgnoreCase(domain);
    return ours && local.length() == prefix.length() + TOKEN_CHARS && local.startsWith(prefix)
        ? decode(local.substring(prefix.length()))
        : null;
  }

  private static long dayOf(Instant instant) {
    return Math.floorDiv(instant.getEpochSecond(), Duration.ofDays(1).toSeconds());
  }

  private static byte[] signature(SigningKey key, byte[] token) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.secret(), "HmacSHA256"));
      mac.update(PURPOSE.getBytes(StandardCharsets.US_ASCII));
      mac.update(token, 0, HEAD_BYTES);
      return Arrays.copyOf(mac.doFinal(), SIGNATURE_BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HMAC-SHA-256 is missing from this Java runtime", e);
    }
  }

  private static String encode(byte[] bytes) {
    StringBuilder text = new StringBuilder(TOKEN_CHARS);
    int bits = 0;
    int held = 0;
    for (byte b : bytes) {
      held = (held << 8) | (b & 0xff);
      bits += 8;
      while (bits >= 5) {
        bits -= 5;
        text.append(ALPHABET.charAt((held >> bits) & 31));
      }
      held &= (1 << bits) - 1;
    }
    if (bits > 0) {
      text.append(ALPHABET.charAt((held << (5 - bits)) & 31));
    }
    return text.toString();
  }

  private static byte @Nullable [] decode(String text) {
    byte[] bytes = new byte[TOKEN_BYTES];
    int bits = 0;
    int held = 0;
    int length = 0;
    for (int i = 0; i < text.length(); i++) {
      int value = ALPHABET.indexOf(text.charAt(i));
      if (value < 0) {
        return null;
      }
      held = (held << 5) | value;
      bits += 5;
      if (bits >= 8 && length < TOKEN_BYTES) {
        bits -= 8;
        bytes[length++] = (byte) (held >> bits);
        held &= (1 << bits) - 1;
      }
    }
    return held == 0 && length == TOKEN_BYTES ? bytes : null; // one text for one token
  }
}
