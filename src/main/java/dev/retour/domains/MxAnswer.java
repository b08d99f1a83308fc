package dev.retour.domains;

import java.net.InetAddress;
import java.util.List;

/** What the DNS says about the mail of a domain. */
sealed interface MxAnswer {
  /**
   * Its servers.
   *
   * @param hosts by preference, those of one preference in random order (RFC 5321 section 5.1)
   */
  record Hosts(List<Host> hosts) implements MxAnswer {}

  /** One address of a server. */
  record Host(String name, InetAddress address) {}

  /** It takes no mail, or does not exist. */
  record No(int replyCode, String text) implements MxAnswer {}

  /** The DNS does not answer. */
  record Unknown(String text) implements MxAnswer {}
}
