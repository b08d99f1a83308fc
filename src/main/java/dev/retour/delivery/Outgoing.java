package dev.retour.delivery;

import jakarta.mail.MessagingException;
import org.jspecify.annotations.Nullable;

/** A claimed work package on its way out, as far as it got. Used by one thread after the other. */
public final class Outgoing {
  private final ClaimedPackage workPackage;
  private @Nullable Prepared prepared;
  private @Nullable MessagingException fault;

  Outgoing(ClaimedPackage workPackage) {
    this.workPackage = workPackage;
  }

  public ClaimedPackage workPackage() {
    return workPackage;
  }

  /** True when a volley began to hand it over. */
  public boolean isBegun() {
    PackageMessage message = message();
    return message != null && message.isLeft();
  }

  /** Its mail, once it is prepared and the gate is open. */
  @Nullable PackageMessage message() {
    return prepared == null ? null : prepared.message();
  }

  /** True once the relay took it. */
  boolean isAccepted() {
    PackageMessage message = message();
    return message != null && message.isAccepted();
  }

  /** What the relay said when it took it. */
  String answer() {
    PackageMessage message = message();
    return message == null ? "" : message.serverAnswer();
  }

  void prepared(Prepared ready) {
    this.prepared = ready;
  }

  /** Keeps no octets in memory while it waits for its turn: it is prepared anew. */
  void forgetUnbegun() {
    PackageMessage message = message();
    if (message != null && !message.isLeft() && !message.isAccepted()) {
      fault = message.unopened();
      prepared = null;
    }
  }

  void failed(MessagingException met) {
    this.fault = met;
  }

  /**
   * What became of preparing it; nothing when that is still to be done.
   *
   * @throws MessagingException what it met
   */
  @Nullable Prepared outcome() throws MessagingException {
    if (fault != null) {
      throw fault;
    }
    return prepared;
  }
}
