package dev.retour.domains;

import dev.retour.config.Secrets;
import dev.retour.config.YamlFields;
import dev.retour.mail.DkimKey;
import dev.retour.mail.DkimKeys;
import dev.retour.mail.DomainName;
import dev.retour.mail.SigningException;
import dev.retour.mail.SigningRules;
import dev.retour.mail.SmimeCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads {@code sign} of a domain rule, and the keys it names. */
final class SigningParser {
  private static final int CERTIFICATES_MAX = 100;
  private static final String NONE = "none";
  private static final String DEFAULT = "default";

  private final Secrets secrets;
  private final Set<Path> keyFiles = new LinkedHashSet<>();

  SigningParser(Secrets secrets) {
    this.secrets = secrets;
  }

  /** Files and folders of keys that were read: when one changes, the rules are to be read anew. */
  Set<Path> keyFiles() {
    return keyFiles;
  }

  SigningRules.Wish wish(YamlFields rule) {
    if (rule.isText("sign")) {
      String word = rule.text("sign");
      if (!NONE.equals(word) && !DEFAULT.equals(word)) {
        rule.faultAt(
            "sign",
            "\"sign\" must be none, default (as the settings say), or a mapping with dkim and"
                + " smime.");
      }
      return NONE.equals(word) ? SigningRules.Wish.NONE : SigningRules.Wish.AS_SET;
    }
    YamlFields sign = rule.child("sign");
    if (sign == null) {
      return SigningRules.Wish.AS_SET;
    }
    refuseWithdrawn(sign);
    SigningRules.Wish wish = new SigningRules.Wish(dkim(sign), smime(sign));
    sign.refuseUnknown();
    return wish;
  }

  private static void refuseWithdrawn(YamlFields sign) {
    for (String withdrawn : List.of("domainkeys", "sender-id")) {
      if (sign.has(withdrawn)) {
        sign.faultAt(
            withdrawn,
            "\""
                + withdrawn
                + "\" is withdrawn (RFC 4870 is historic, RFC 4406 was an experiment) and no"
                + " receiver looks at it; write \"dkim\" (RFC 6376) with domain, selector and"
                + " key-file instead.");
      }
    }
  }

  private @Nullable DkimKeys dkim(YamlFields sign) {
    if (isWord(sign, "dkim")) {
      return NONE.equals(sign.text("dkim")) ? DkimKeys.NONE : null;
    }
    YamlFields dkim = sign.child("dkim");
    if (dkim == null) {
      return null;
    }
    try {
      if (dkim.has("keys")) {
        Path folder = known(secrets.file(dkim, "keys"));
        dkim.refuseUnknown();
        return DkimKeys.load(folder);
      }
      String written = dkim.required("domain");
      String domain = DomainName.ascii(written).orElse(written);
      String selector = dkim.required("selector");
      Path file = known(secrets.file(dkim, "key-file"));
      dkim.refuseUnknown();
      return domain.isEmpty() || selector.isEmpty() || !Files.isReadable(file)
          ? null // said already
          : DkimKeys.of(List.of(DkimKey.read(file, domain, selector, Instant.MIN)));
    } catch (SigningException e) {
      dkim.fault(String.valueOf(e.getMessage()));
      return null;
    }
  }

  private @Nullable List<SmimeCertificate> smime(YamlFields sign) {
    if (isWord(sign, "smime")) {
      return NONE.equals(sign.text("smime")) ? List.of() : null;
    }
    YamlFields smime = sign.child("smime");
    if (smime == null) {
      return null;
    }
    boolean several = smime.has("keys");
    Path stores = known(secrets.file(smime, several ? "keys" : "key-store"));
    String password = secrets.password(smime, "password").text();
    if (!smime.has("password")) {
      smime.fault("\"password\" of the key store is missing.");
    }
    smime.refuseUnknown();
    if (password.isEmpty() || !Files.isReadable(stores)) {
      return null; // said already
    }
    try {
      List<SmimeCertificate> certificates = new ArrayList<>();
      for (Path store : several ? stores(stores) : List.of(stores)) {
        certificates.add(SmimeCertificate.read(store, password));
      }
      if (certificates.isEmpty()) {
        smime.fault("The folder " + stores + " holds no .p12 file.");
      }
      return certificates;
    } catch (SigningException e) {
      smime.fault(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      smime.fault("The folder " + stores + " cannot be read.");
    }
    return null;
  }

  private static List<Path> stores(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().toLowerCase(Locale.ROOT).endsWith(".p12"))
          .sorted()
          .limit(CERTIFICATES_MAX)
          .toList();
    }
  }

  /** True when it is a word and no mapping; another word than two is a fault. */
  private static boolean isWord(YamlFields sign, String key) {
    if (!sign.isText(key)) {
      return false;
    }
    String word = sign.text(key);
    if (!NONE.equals(word) && !DEFAULT.equals(word)) {
      sign.faultAt(
          key, "\"" + key + "\" must be none, default (as the settings say), or a mapping.");
    }
    return true;
  }

  private Path known(Path file) {
    keyFiles.add(file);
    return file;
  }
}
