package dev.retour.mail;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.RSAPrivateKey;
import java.util.Properties;
import org.simplejavamail.utils.mail.dkim.Canonicalization;
import org.simplejavamail.utils.mail.dkim.DkimException;
import org.simplejavamail.utils.mail.dkim.DkimMessage;
import org.simplejavamail.utils.mail.dkim.DkimSigner;

/**
 * Puts a DKIM signature (RFC 6376, relaxed/relaxed) in front of a mail and leaves its bytes. By RSA
 * through the library; Ed25519 is ours, because the library signs the text itself where RFC 8463
 * wants its hash signed.
 */
final class DkimSignature {
  private static final Session SESSION = session();

  private DkimSignature() {}

  /**
   * @param raw 7 bits or UTF-8 (RFC 6532), lines ended by CRLF
   */
  static byte[] sign(byte[] raw, DkimKey key) throws SigningException {
    if (key.key() instanceof RSAPrivateKey rsa) {
      return inFront(rsaField(raw, key, rsa), raw);
    }
    return inFront(Ed25519Signature.field(raw, key) + "\r\n", raw);
  }

  private static Session session() {
    Properties properties = new Properties();
    properties.setProperty("mail.mime.allowutf8", "true"); // addresses of RFC 6532 are signed too
    return Session.getInstance(properties);
  }

  private static byte[] inFront(String fieldLines, byte[] raw) {
    byte[] field = fieldLines.getBytes(StandardCharsets.US_ASCII);
    byte[] signed = new byte[field.length + raw.length];
    System.arraycopy(field, 0, signed, 0, field.length);
    System.arraycopy(raw, 0, signed, field.length, raw.length);
    return signed;
  }

  private static String rsaField(byte[] raw, DkimKey key, RSAPrivateKey rsa)
      throws SigningException {
    try {
      MimeMessage parsed = new MimeMessage(SESSION, new ByteArrayInputStream(raw));
      HeaderSigner signer = new HeaderSigner(key, rsa);
      return signer.field(new Body(parsed, signer, body(raw))) + "\r\n";
    } catch (CharacterCodingException e) {
      throw new SigningException(
          "DKIM key "
              + key.recordName()
              + " could not sign the mail: its body is neither 7 bits nor UTF-8.",
          e);
    } catch (MessagingException | DkimException e) {
      throw new SigningException(
          "DKIM key " + key.recordName() + " could not sign the mail: " + e.getMessage(), e);
    }
  }

  /** The library hashes the UTF-8 of it, so that it has to be the same bytes again. */
  private static String body(byte[] raw) throws CharacterCodingException {
    for (int i = 0; i + 3 < raw.length; i++) {
      if (raw[i] == '\r' && raw[i + 1] == '\n' && raw[i + 2] == '\r' && raw[i + 3] == '\n') {
        return StandardCharsets.UTF_8
            .newDecoder()
            .decode(ByteBuffer.wrap(raw, i + 4, raw.length - i - 4))
            .toString();
      }
    }
    return "";
  }

  /** The library signs while it writes a mail; we keep the bytes and take only its field. */
  private static final class HeaderSigner extends DkimSigner {
    HeaderSigner(DkimKey key, RSAPrivateKey rsa) {
      super(key.domain(), key.selector(), rsa);
      setHeaderCanonicalization(Canonicalization.RELAXED);
      setBodyCanonicalization(Canonicalization.RELAXED);
      setCheckDomainKey(false); // a look-up per mail would make sending depend on the DNS
      addHeaderToSign("Auto-Submitted");
      addHeaderToSign("Feedback-ID");
      addHeaderToSign("List-Unsubscribe-Post");
    }

    String field(DkimMessage message) throws MessagingException {
      return sign(message);
    }
  }

  /** The mail as the library wants it. */
  private static final class Body extends DkimMessage {
    private final String encoded;

    Body(MimeMessage parsed, DkimSigner signer, String encoded) throws MessagingException {
      super(parsed, signer);
      this.encoded = encoded;
    }

    @Override
    protected String getEncodedBody() {
      return encoded;
    }
  }
}
