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
import java.util.Collection;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.simplejavamail.utils.mail.smime.SmimeException;
import org.simplejavamail.utils.mail.smime.SmimeKey;
import org.simplejavamail.utils.mail.smime.SmimeUtil;

/** A certificate with its private key, which signs mails by S/MIME (RFC 8551). */
public final class SmimeCertificate {
  private static final Session SESSION = Session.getInstance(new Properties());
  private static final Integer RFC822_NAME = 1;

  private final String file;
  private final SmimeKey key;
  private final Set<String> addresses;

  private SmimeCertificate(String file, SmimeKey key, Set<String> addresses) {
    this.file = file;
    this.key = key;
    this.addresses = addresses;
  }

  /**
   * Reads the one key of a PKCS #12 file.
   *
   * @throws SigningException with a sentence that names the file
   */
  public static SmimeCertificate read(Path file, String password) throws SigningException {
    try (InputStream in = Files.newInputStream(file)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(in, password.toCharArray());
      List<String> names = Collections.list(store.aliases());
      if (names.size() == 1
          && store.getKey(names.get(0), password.toCharArray()) instanceof PrivateKey key) {
        X509Certificate[] chain = chain(store, names.get(0));
        return new SmimeCertificate(file.toString(), new SmimeKey(key, chain), addresses(chain[0]));
      }
      throw new SigningException("S/MIME file " + file + " must hold exactly one key.", null);
    } catch (IOException | GeneralSecurityException e) {
      throw new SigningException(
          "S/MIME file " + file + " must be PKCS #12, and its password the one that is set.", e);
    }
  }

  /**
   * Whether it may sign for this sender: receivers compare the addresses in it with the From field
   * (RFC 8550 section 3). One that names no address fits every sender.
   */
  boolean fits(EmailAddress from) {
    return addresses.isEmpty() || addresses.contains(from.key());
  }

  /**
   * The mail as multipart/signed; only its body and the fields about it change.
   *
   * @throws SigningException when the certificate is not valid now, or for the library's fault
   */
  byte[] sign(byte[] raw, Instant now) throws SigningException {
    try {
      key.getCertificate().checkValidity(Date.from(now));
      MimeMessage parsed = new MimeMessage(SESSION, new ByteArrayInputStream(raw));
      MimeMessage signed = SmimeUtil.sign(SESSION, parsed.getMessageID(), parsed, key);
      ByteArrayOutputStream out = new ByteArrayOutputStream(raw.length + 8_192);
      signed.writeTo(out);
      return out.toByteArray();
    } catch (CertificateException e) {
      throw new SigningException(
          "The S/MIME certificate " + file + " is not valid: " + e.getMessage(), e);
    } catch (MessagingException | IOException | SmimeException e) {
      throw new SigningException("The mail could not be signed by S/MIME: " + e.getMessage(), e);
    }
  }

  @Override
  public String toString() {
    return file + (addresses.isEmpty() ? "" : " for " + String.join(", ", addresses));
  }

  private static X509Certificate[] chain(KeyStore store, String name) throws KeyStoreException {
    return Arrays.stream(store.getCertificateChain(name))
        .map(X509Certificate.class::cast)
        .toArray(X509Certificate[]::new);
  }

  private static Set<String> addresses(X509Certificate certificate) throws CertificateException {
    Set<String> found = new TreeSet<>();
    Collection<List<?>> names = certificate.getSubjectAlternativeNames();
    for (List<?> name : names == null ? List.<List<?>>of() : names) {
      if (RFC822_NAME.equals(name.get(0)) && name.get(1) instanceof String text) {
        found.add(EmailAddress.parse(text).map(EmailAddress::key).orElse(lower(text)));
      }
    }
    return found;
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
