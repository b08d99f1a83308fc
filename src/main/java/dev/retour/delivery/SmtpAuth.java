package dev.retour.delivery;

import dev.retour.qualification.Phase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;

/**
 * Logs a session in (RFC 4954) by PLAIN (RFC 4616), LOGIN or XOAUTH2. A secret leaves only over
 * TLS, unless a setting says otherwise, and is part of no fault.
 */
final class SmtpAuth {
  private SmtpAuth() {}

  static void login(SmtpConnection connection) throws SmtpException {
    SmtpLogin login = connection.relay().login();
    if (login instanceof SmtpLogin.Password password) {
      requireTls(connection, password.inTheClear());
      password(connection, password);
    } else if (login instanceof SmtpLogin.Token token) {
      requireTls(connection, false);
      token(connection, token);
    }
  }

  private static void requireTls(SmtpConnection connection, boolean inTheClear)
      throws SmtpException {
    if (!connection.isEncrypted() && !inTheClear) {
      throw new SmtpException(
          Phase.AUTH,
          0,
          connection.relay().describe()
              + " offers no TLS: the login is not sent in the clear (smtp.tls,"
              + " smtp.password-in-the-clear).");
    }
  }

  private static void password(SmtpConnection connection, SmtpLogin.Password login)
      throws SmtpException {
    Set<String> offered = connection.extensions().authMechanisms();
    String secret = login.passwords().password();
    if (offered.contains("PLAIN")) {
      String plain = base64("\0" + login.user() + "\0" + secret);
      SmtpReply reply = connection.ask(Phase.AUTH, "AUTH PLAIN " + plain);
      finish(noted(reply, login), secret, plain);
    } else if (offered.contains("LOGIN")) {
      requireChallenge(connection.ask(Phase.AUTH, "AUTH LOGIN"));
      requireChallenge(connection.ask(Phase.AUTH, base64(login.user())));
      SmtpReply reply = connection.ask(Phase.AUTH, base64(secret));
      finish(noted(reply, login), secret, base64(secret));
    } else {
      throw unoffered(connection, "neither AUTH PLAIN nor AUTH LOGIN");
    }
  }

  /** Whatever was refused, the next login takes a password that was repaired meanwhile. */
  private static SmtpReply noted(SmtpReply reply, SmtpLogin.Password login) {
    if (!reply.isPositive()) {
      login.passwords().refused();
    }
    return reply;
  }

  private static void token(SmtpConnection connection, SmtpLogin.Token login) throws SmtpException {
    if (!connection.extensions().authMechanisms().contains("XOAUTH2")) {
      throw unoffered(connection, "no AUTH XOAUTH2");
    }
    String token;
    try {
      token = login.tokens().token();
    } catch (IOException e) {
      throw new SmtpException(Phase.AUTH, 0, "No access token: " + e.getMessage(), e);
    }
    String response = "user=" + login.user() + "\u0001auth=Bearer " + token + "\u0001\u0001";
    SmtpReply reply = connection.ask(Phase.AUTH, "AUTH XOAUTH2 " + base64(response));
    if (reply.isIntermediate()) {
      // The server tells its reasons in a challenge; an empty answer brings the refusal.
      reply = connection.ask(Phase.AUTH, "");
    }
    if (!reply.isPositive()) {
      login.tokens().discard();
    }
    finish(reply, token, base64(response));
  }

  private static SmtpException unoffered(SmtpConnection connection, String what) {
    return new SmtpException(
        Phase.AUTH, 0, connection.relay().describe() + " offers " + what + ": no login.");
  }

  private static void requireChallenge(SmtpReply reply) throws SmtpException {
    if (!reply.isIntermediate()) {
      throw SmtpException.refused(Phase.AUTH, reply);
    }
  }

  /** A server that repeats a secret in its refusal does not bring it into logs and tables. */
  private static void finish(SmtpReply reply, String... secrets) throws SmtpException {
    if (reply.isPositive()) {
      return;
    }
    String text = reply.text();
    for (String secret : secrets) {
      text = secret.isEmpty() ? text : text.replace(secret, "***");
    }
    throw new SmtpException(Phase.AUTH, reply.isRefusal() ? reply.code() : 0, text);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
