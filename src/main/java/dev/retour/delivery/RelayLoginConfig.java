package dev.retour.delivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.retour.config.ConfigException;
import dev.retour.config.Setting;
import dev.retour.config.Settings;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How to authenticate at the relay: not at all, by password, or by an access token that a command
 * prints or a token endpoint gives (client credentials, RFC 6749 section 4.4).
 */
public record RelayLoginConfig(
    String user,
    String password,
    boolean passwordInTheClear,
    List<String> tokenCommand,
    Optional<Client> client) {

  /** Client credentials at a token endpoint. */
  public record Client(URI tokenUrl, String id, String secret, String scope) {
    @Override
    public String toString() {
      return id + " at " + tokenUrl;
    }
  }

  private static final long FILE_BYTES_MAX = 10_000;

  public static final Setting<String> USER =
      Setting.text("smtp.user", "", "User for SMTP AUTH. Empty: no authentication.");
  public static final Setting<String> PASSWORD =
      Setting.secret(
          "smtp.password",
          "",
          "Password for SMTP AUTH. Read anew after the relay has refused it: repairing it needs no"
              + " restart.");
  public static final Setting<Path> PASSWORD_FILE =
      Setting.path(
          "smtp.password-file",
          "",
          "File that holds nothing but the password, instead of smtp.password; also read anew.");
  public static final Setting<Boolean> PASSWORD_IN_THE_CLEAR =
      Setting.flag(
          "smtp.password-in-the-clear",
          false,
          "Send the password also when the connection is not protected by TLS.");
  public static final Setting<String> TOKEN_COMMAND =
      Setting.text(
          "smtp.token-command",
          "",
          "Command that prints an access token, or the JSON of a token endpoint, for AUTH XOAUTH2."
              + " Split at blanks, no shell; a JSON list of texts where an argument has blanks.");
  public static final Setting<String> TOKEN_URL =
      Setting.text(
          "smtp.oauth.token-url",
          "",
          "Token endpoint (https) that gives an access token to the client for AUTH XOAUTH2.");
  public static final Setting<String> CLIENT_ID =
      Setting.text("smtp.oauth.client-id", "", "Client at the token endpoint.");
  public static final Setting<String> CLIENT_SECRET =
      Setting.secret("smtp.oauth.client-secret", "", "Secret of the client.");
  public static final Setting<String> SCOPE =
      Setting.text(
          "smtp.oauth.scope",
          "",
          "Scope of the token, e.g. https://outlook.office365.com/.default");
  public static final List<Setting<?>> SETTINGS =
      List.of(
          USER,
          PASSWORD,
          PASSWORD_FILE,
          PASSWORD_IN_THE_CLEAR,
          TOKEN_COMMAND,
          TOKEN_URL,
          CLIENT_ID,
          CLIENT_SECRET,
          SCOPE);

  /** Checks the combination of values. */
  public RelayLoginConfig {
    tokenCommand = List.copyOf(tokenCommand);
    int ways =
        (password.isEmpty() ? 0 : 1)
            + (tokenCommand.isEmpty() ? 0 : 1)
            + (client.isEmpty() ? 0 : 1);
    if (ways > 1) {
      throw new ConfigException(
          USER.key(), user, "must log in by one of smtp.password, smtp.token-command, smtp.oauth");
    }
    if (user.isEmpty() != (ways == 0)) {
      throw new ConfigException(
          USER.key(), user, "needs smtp.password or a token, and the other way round");
    }
  }

  boolean isToken() {
    return !tokenCommand.isEmpty() || client.isPresent();
  }

  /**
   * @param passwordNow reads the password anew; nothing when it cannot
   */
  SmtpLogin login(Supplier<Optional<String>> passwordNow) {
    if (user.isEmpty()) {
      return SmtpLogin.NONE;
    }
    if (!tokenCommand.isEmpty()) {
      return new SmtpLogin.Token(user, new CachedTokens(new TokenCommand(tokenCommand)));
    }
    return client
        .<SmtpLogin>map(
            each -> new SmtpLogin.Token(user, new CachedTokens(new TokenEndpoint(each))))
        .orElseGet(
            () ->
                new SmtpLogin.Password(
                    user, new Passwords(password, passwordNow), passwordInTheClear));
  }

  @Override
  public String toString() {
    return user;
  }

  static RelayLoginConfig from(Settings settings) {
    return new RelayLoginConfig(
        settings.get(USER),
        password(settings),
        settings.get(PASSWORD_IN_THE_CLEAR),
        arguments(settings.get(TOKEN_COMMAND)),
        settings
            .find(TOKEN_URL)
            .map(
                url ->
                    new Client(
                        tokenUrl(url),
                        required(settings, CLIENT_ID),
                        required(settings, CLIENT_SECRET),
                        settings.get(SCOPE))));
  }

  /**
   * The password, from its setting or its file.
   *
   * @throws ConfigException when both are set, or the file holds none
   */
  public static String password(Settings settings) {
    Optional<Path> file = settings.find(PASSWORD_FILE);
    if (file.isEmpty()) {
      return settings.get(PASSWORD);
    }
    if (!settings.get(PASSWORD).isEmpty()) {
      throw new ConfigException(
          PASSWORD_FILE.key(), file.get(), "must not be set together with smtp.password");
    }
    try {
      if (Files.size(file.get()) <= FILE_BYTES_MAX) {
        String text = Files.readString(file.get(), StandardCharsets.UTF_8).strip();
        if (!text.isEmpty()) {
          return text;
        }
      }
    } catch (IOException e) {
      // Said below: the reason may hold what the file holds.
    }
    throw new ConfigException(
        PASSWORD_FILE.key(), file.get(), "must be a readable file with a password in it");
  }

  private static List<String> arguments(String text) {
    if (!text.startsWith("[")) {
      return text.isBlank() ? List.of() : List.of(text.strip().split("\\s+", -1));
    }
    try {
      return List.of(new ObjectMapper().readValue(text, String[].class));
    } catch (JsonProcessingException e) {
      ConfigException fault =
          new ConfigException(TOKEN_COMMAND.key(), text, "must be a JSON list of texts");
      fault.initCause(e);
      throw fault;
    }
  }

  private static URI tokenUrl(String text) {
    try {
      URI url = URI.create(text);
      if ("https".equals(url.getScheme()) && url.getHost() != null) {
        return url;
      }
    } catch (IllegalArgumentException e) {
      // Said below.
    }
    throw new ConfigException(
        TOKEN_URL.key(), text, "must be an https URL: a secret is sent to it");
  }

  private static String required(Settings settings, Setting<String> key) {
    String value = settings.get(key);
    if (value.isEmpty()) {
      throw new ConfigException(key.key(), "", "must be set, smtp.oauth.token-url needs it");
    }
    return value;
  }
}
