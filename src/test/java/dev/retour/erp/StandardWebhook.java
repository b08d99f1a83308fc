package dev.retour.erp;

import dev.retour.support.ErpEndpoint.Received;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What a receiver does to verify, written from the document of Standard Webhooks alone. */
final class StandardWebhook {
  private StandardWebhook() {}

  /** Whether one of the signatures is right and the attempt is of now. */
  static boolean verifies(Received got, String secret, Instant now)
      throws GeneralSecurityException {
    String id = got.header("webhook-id");
    String timestamp = got.header("webhook-timestamp");
    long seconds = Long.parseLong(timestamp);
    if (id.isEmpty()
        || Duration.between(Instant.ofEpochSecond(seconds), now).abs().toMinutes() >= 5) {
      return false;
    }
    ByteArrayOutputStream signed = new ByteArrayOutputStream();
    signed.writeBytes((id + '.' + timestamp + '.').getBytes(StandardCharsets.UTF_8));
    signed.writeBytes(got.body());
    Mac hmac = Mac.getInstance("HmacSHA256");
    hmac.init(
        new SecretKeySpec(
            Base64.getDecoder().decode(secret.substring("whsec_".length())), "HmacSHA256"));
    byte[] expected = hmac.doFinal(signed.toByteArray());
    for (String signature : got.header("webhook-signature").split(" ", -1)) {
      String[] parts = signature.split(",", 2);
      if (parts[0].equals("v1")
          && MessageDigest.isEqual(expected, Base64.getDecoder().decode(parts[1]))) {
        return true;
      }
    }
    return false;
  }
}
