package dev.retour.delivery;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnknownHostException;

/** The name a client greets with (RFC 5321 section 4.1.1.1). */
final class EhloName {
  private static final int CHARS_MAX = 255;

  private EhloName() {}

  /** A host name or an address literal: nothing that could end the command. */
  static boolean isValid(String name) {
    boolean literal = name.startsWith("[") && name.endsWith("]") && name.length() > 2;
    String inner = literal ? name.substring(1, name.length() - 1) : name;
    return name.length() <= CHARS_MAX
        && !inner.isEmpty()
        && inner
            .chars()
            .allMatch(c -> isLetterOrDigit(c) || "-._".indexOf(c) >= 0 || (literal && c == ':'));
  }

  /**
   * @param configured empty: the name of this host, or its address if the name says nothing
   */
  static String of(String configured, Socket connected) {
    if (!configured.isEmpty()) {
      return configured;
    }
    String own = hostName();
    return own.indexOf('.') > 0 && isValid(own) ? own : literal(connected.getLocalAddress());
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "";
    }
  }

  private static String literal(InetAddress address) {
    String text = address.getHostAddress();
    int zone = text.indexOf('%');
    String plain = zone < 0 ? text : text.substring(0, zone);
    return address instanceof Inet6Address ? "[IPv6:" + plain + "]" : "[" + plain + "]";
  }

  private static boolean isLetterOrDigit(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }
}
