package dev.retour.delivery;

import dev.retour.mail.SigningKey;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Table {@code signing_key}: shared by every sidecar on this database. */
final class SigningKeyStore {
  private static final String ALL = "SELECT id, secret FROM signing_key ORDER BY id";

  private static final String INSERT =
      """
      INSERT INTO signing_key (id, secret, created_at) VALUES (:id, :secret, :now)
      ON CONFLICT (id) DO NOTHING""";

  List<SigningKey> all(Handle handle) {
    return handle
        .createQuery(ALL)
        .map((row, context) -> new SigningKey(row.getInt("id"), row.getBytes("secret")))
        .list();
  }

  void insert(Handle handle, int id, byte[] secret, Instant now) {
    handle.createUpdate(INSERT).bind("id", id).bind("secret", secret).bind("now", now).execute();
  }
}
