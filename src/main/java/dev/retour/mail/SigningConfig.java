package dev.retour.mail;

import dev.retour.config.Setting;
import dev.retour.config.Settings;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which keys sign outgoing mail.
 *
 * @param dkimKeys folder of DKIM keys, {@code <domain>/<selector>.<from date>.pem}; empty: no DKIM
 * @param dkimExcept From domains that are sent without a DKIM signature
 * @param smimeKeys folder of S/MIME keys, {@code <address or domain>.p12}; empty: no S/MIME
 * @param smimePassword of every file in it
 */
public record SigningConfig(
    Optional<Path> dkimKeys,
    Set<String> dkimExcept,
    Optional<Path> smimeKeys,
    String smimePassword) {

  private static final Setting<Path> DKIM_KEYS =
      Setting.path(
          "dkim.keys",
          "",
          "Folder of the DKIM keys: <domain>/<selector>.<yyyy-mm-dd>.pem (RSA or"
              + " Ed25519, PKCS #8). From that day (UTC) on the key signs; the newest one of each"
              + " algorithm does. Empty: no DKIM.");
  private static final Setting<String> DKIM_EXCEPT =
      Setting.text(
          "dkim.except",
          "",
          "From domains, separated by commas, sent without a DKIM signature although dkim.keys is"
              + " set. A domain without a key that is not named here is not sent at all.");
  private static final Setting<Path> SMIME_KEYS =
      Setting.path(
          "smime.keys",
          "",
          "Folder of the S/MIME keys: <From address>.p12 or <From domain>.p12 (PKCS #12). Mails of"
              + " other senders get no S/MIME signature. Empty: no S/MIME.");
  private static final Setting<String> SMIME_PASSWORD =
      Setting.secret("smime.password", "", "Password of the files in smime.keys.");

  /** Every setting of signing. */
  public static final List<Setting<?>> SETTINGS =
      List.of(DKIM_KEYS, DKIM_EXCEPT, SMIME_KEYS, SMIME_PASSWORD);

  public static SigningConfig from(Settings settings) {
    return new SigningConfig(
        settings.find(DKIM_KEYS),
        Arrays.stream(settings.get(DKIM_EXCEPT).split(",", -1))
            .map(each -> DomainName.ascii(each.strip()).orElse(each))
            .filter(each -> !each.isEmpty())
            .collect(Collectors.toUnmodifiableSet()),
        settings.find(SMIME_KEYS),
        settings.get(SMIME_PASSWORD));
  }

  /** The folders to watch for new keys. */
  public List<Path> folders() {
    return Stream.of(dkimKeys, smimeKeys).flatMap(Optional::stream).toList();
  }

  /** True when any mail is to be signed. */
  public boolean signs() {
    return dkimKeys.isPresent() || smimeKeys.isPresent();
  }

  @Override
  public String toString() {
    return "DKIM " + dkimKeys + ", S/MIME " + smimeKeys;
  }
}
