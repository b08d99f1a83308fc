package dev.retour.delivery;

import dev.retour.config.ConfigException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS over an open connection (RFC 3207, RFC 8314): either verified with the host name (RFC 6125),
 * or opportunistic (RFC 7435), which only keeps those from reading who listen and do not meddle.
 */
final class SmtpTls {
  private static final String FILE_TYPE = "X.509";

  private final SSLContext verified;
  private final SSLContext unverified;

  /**
   * @param authorities certificates believed besides those of this Java
   * @throws ConfigException when they cannot be read
   */
  SmtpTls(Optional<Path> authorities) {
    try {
      verified = context(authorities.isEmpty() ? null : new Believed(authorities.get()));
      unverified = context(new Anybody());
    } catch (GeneralSecurityException | IOException e) {
      ConfigException fault =
          new ConfigException(
              RelayConfig.TLS_AUTHORITIES.key(),
              authorities.map(Path::toString).orElse(""),
              "must be a file of certificates (PEM): " + e.getMessage());
      fault.initCause(e);
      throw fault;
    }
  }

  /**
   * Makes the handshake.
   *
   * @throws IOException when there is none, or the certificate is not the relay's
   */
  Socket protect(Socket plain, Relay relay, Duration patience) throws IOException {
    boolean verify = relay.tls() != RelayConfig.Tls.OPPORTUNISTIC;
    SSLContext context = verify ? verified : unverified;
    SSLSocket socket =
        (SSLSocket)
            context.getSocketFactory().createSocket(plain, relay.host(), relay.port(), true);
    if (verify) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
    }
    socket.setSoTimeout((int) Math.min(patience.toMillis(), Integer.MAX_VALUE));
    socket.startHandshake();
    return socket;
  }

  private static SSLContext context(@Nullable TrustManager trust) throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust == null ? null : new TrustManager[] {trust}, new SecureRandom());
    return context;
  }

  private static X509ExtendedTrustManager trust(@Nullable KeyStore store)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    for (TrustManager each : factory.getTrustManagers()) {
      if (each instanceof X509ExtendedTrustManager found) {
        return found;
      }
    }
    throw new GeneralSecurityException("This Java has no trust manager for certificates.");
  }

  /** Who opportunistic TLS believes: encrypted to a stranger is better than not encrypted. */
  private static final class Anybody extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {
      // Never asked: we are the client.
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {
      // Whoever it is.
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {
      // Never asked: we are the client.
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
      // Whoever it is.
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
      // Never asked: we are the client.
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
      // Whoever it is.
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  /** Those this Java believes, and those of a file. */
  private static final class Believed extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager java = trust(null);
    private final X509ExtendedTrustManager own;

    Believed(Path file) throws GeneralSecurityException, IOException {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      Collection<? extends Certificate> found;
      try (InputStream in = Files.newInputStream(file)) {
        found = CertificateFactory.getInstance(FILE_TYPE).generateCertificates(in);
      }
      if (found.isEmpty()) {
        throw new CertificateException("no certificate is in it");
      }
      int number = 0;
      for (Certificate each : found) {
        store.setCertificateEntry("own-" + number++, each);
      }
      own = trust(store);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      try {
        own.checkServerTrusted(chain, type, socket);
      } catch (CertificateException unknown) {
        java.checkServerTrusted(chain, type, socket);
      }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      try {
        own.checkServerTrusted(chain, type, engine);
      } catch (CertificateException unknown) {
        java.checkServerTrusted(chain, type, engine);
      }
    }

    /** Without the connection the name could not be verified. */
    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      throw new CertificateException("Only connections are verified.");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      throw new CertificateException("Retour is the client.");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      checkClientTrusted(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      checkClientTrusted(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return own.getAcceptedIssuers();
    }
  }
}
