package dev.retour.mail;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.simplejavamail.utils.mail.smime.SmimeException;
import org.simplejavamail.utils.mail.smime.SmimeKey;
import org.simplejavamail.utils.mail.smime.SmimeUtil;

/** The S/MIME keys of a folder (RFC 8551), by From address or From domain. */
final class SmimeKeys {
  private static final Session SESSION = Session.getInstance(new Properties());
  private static final String SUFFIX = ".p12";
  private static final int KEYS_MAX = 1_000;

  private final Map<String, SmimeKey> keys;

  private SmimeKeys(Map<String, SmimeKey> keys) {
    this.keys = Map.copyOf(keys);
  }

  /**
   * Reads every {@code .p12} of a folder.
   *
   * @throws SigningException for the first one that cannot be used
   */
  static SmimeKeys load(Path folder, String password) throws SigningException {
    Map<String, SmimeKey> keys = new HashMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().limit(KEYS_MAX).toList()) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        if (name.endsWith(SUFFIX)) {
          keys.put(name.substring(0, name.length() - SUFFIX.length()), read(file, password));
        }
      }
    } catch (IOException e) {
      throw new SigningException("The folder of S/MIME keys cannot be read: " + folder, e);
    }
    return new SmimeKeys(keys);
  }

  /**
   * Reads the one key of a PKCS #12 file.
   *
   * @throws SigningException with a sentence that names the file
   */
  static SmimeKey read(Path file, String password) throws SigningException {
    try (InputStream in = Files.newInputStream(file)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(in, password.toCharArray());
      List<String> names = Collections.list(store.aliases());
      if (names.size() == 1
          && store.getKey(names.get(0), password.toCharArray()) instanceof PrivateKey key) {
        return new SmimeKey(key, chain(store, names.get(0)));
      }
      throw new SigningException("S/MIME file " + file + " must hold exactly one key.", null);
    } catch (IOException | GeneralSecurityException e) {
      throw new SigningException(
          "S/MIME file " + file + " must be PKCS #12 with the password of the settings.", e);
    }
  }

  private static X509Certificate[] chain(KeyStore store, String name) throws KeyStoreException {
    return Arrays.stream(store.getCertificateChain(name))
        .map(X509Certificate.class::cast)
        .toArray(X509Certificate[]::new);
  }

  Optional<SmimeKey> signing(EmailAddress from) {
    SmimeKey own = keys.get(from.key());
    return Optional.ofNullable(own != null ? own : keys.get(from.domain()));
  }

  static byte[] sign(byte[] raw, SmimeKey key, Instant now) throws SigningException {
    try {
      key.getCertificate().checkValidity(Date.from(now));
      MimeMessage parsed = new MimeMessage(SESSION, new ByteArrayInputStream(raw));
      MimeMessage signed = SmimeUtil.sign(SESSION, parsed.getMessageID(), parsed, key);
      ByteArrayOutputStream out = new ByteArrayOutputStream(raw.length + 8_192);
      signed.writeTo(out);
      return out.toByteArray();
    } catch (CertificateException e) {
      throw new SigningException("The S/MIME certificate is not valid: " + e.getMessage(), e);
    } catch (MessagingException | IOException | SmimeException e) {
      throw new SigningException("The mail could not be signed by S/MIME: " + e.getMessage(), e);
    }
  }
}
