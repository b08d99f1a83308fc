package dev.retour.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A self-signed certificate made by this Java's keytool. */
public final class TestCertificate {
  private static final String PASSWORD = "test-password";

  private final Path store;
  private final Path pem;

  /** Made when it is first asked for: it takes a second. */
  private static final class Loopback {
    static final TestCertificate CERTIFICATE = of(folder(), "ip:127.0.0.1");

    private static Path folder() {
      try {
        Path folder = Files.createTempDirectory("retour-certificate");
        folder.toFile().deleteOnExit();
        return folder;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private TestCertificate(Path store, Path pem) {
    this.store = store;
    this.pem = pem;
  }

  /** The one of servers on 127.0.0.1, the same for all tests of a process. */
  public static TestCertificate loopback() {
    TestCertificate certificate = Loopback.CERTIFICATE;
    certificate.store.toFile().deleteOnExit();
    certificate.pem.toFile().deleteOnExit();
    return certificate;
  }

  /**
   * Makes one.
   *
   * @param names for instance {@code dns:localhost,ip:127.0.0.1} or {@code email:shop@example.com}
   */
  public static TestCertificate of(Path folder, String names) {
    try {
      Path store = folder.resolve("key-" + Integer.toHexString(names.hashCode()) + ".p12");
      Process keytool =
          new ProcessBuilder(
                  List.of(
                      Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                      "-genkeypair",
                      "-alias",
                      "test",
                      "-keyalg",
                      "RSA",
                      "-keysize",
                      "2048",
                      "-validity",
                      "3650",
                      "-dname",
                      "CN=Retour test",
                      "-ext",
                      "san=" + names,
                      "-storetype",
                      "PKCS12",
                      "-storepass",
                      PASSWORD,
                      "-keystore",
                      store.toString()))
              .redirectErrorStream(true)
              .start();
      String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (keytool.waitFor() != 0) {
        throw new AssertionError(said);
      }
      TestCertificate made =
          new TestCertificate(store, folder.resolve(store.getFileName() + ".pem"));
      String base64 =
          Base64.getMimeEncoder(64, new byte[] {'\n'})
              .encodeToString(made.keyStore().getCertificate("test").getEncoded());
      Files.writeString(
          made.pem, "-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n");
      return made;
    } catch (IOException | GeneralSecurityException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  public Path pem() {
    return pem;
  }

  /** PKCS #12 with certificate and key. */
  public Path store() {
    return store;
  }

  public String password() {
    return PASSWORD;
  }

  /** For a server with this certificate. */
  public SSLContext server() {
    try {
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(keyStore(), PASSWORD.toCharArray());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), null, null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  public KeyStore keyStore() throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    return keys;
  }
}
