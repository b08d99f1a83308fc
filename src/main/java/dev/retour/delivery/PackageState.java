package dev.retour.delivery;

import java.util.Locale;

/** The states of a work package; docs/states.md draws them. */
public enum PackageState {
  /** Queued, never attempted or returned after a crash before anything was sent. */
  READY,
  /** Leased by a sidecar; its attempt row is committed. */
  SENDING,
  /** Failed for now; due again at {@code due_at}. */
  WAITING,
  /** The next server answered 2xx. Not proof of receipt: a bounce may still follow. */
  SENT,
  /** Failed for good; a person decides. */
  ERROR,
  /**
   * The process or the connection died after the body was sent and before the answer was stored.
   */
  UNCERTAIN,
  /** The validity ended before it was accepted. */
  EXPIRED,
  /** Taken back, or closed by the gate directly before sending. */
  CANCELLED;

  /** As stored in {@code work_package.state}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
