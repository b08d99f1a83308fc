package dev.retour.delivery;

import dev.retour.domains.Admission;
import dev.retour.domains.DomainTraffic;
import dev.retour.domains.Hop;

/** What the connections of a pool are counted against. */
interface Connections {
  /** Those to a relay: as many as there are senders. */
  Connections UNCOUNTED =
      new Connections() {
        @Override
        public void opening() {
          // No limit but that of the senders.
        }

        @Override
        public void closed() {
          // Nothing was counted.
        }
      };

  /**
   * Before one is opened.
   *
   * @throws NotNowException when there are as many as may be
   */
  void opening() throws NotNowException;

  /** After one was closed, or could not be opened. */
  void closed();

  /** Those to a mail exchanger: counted over all sidecars. */
  static Connections to(Hop hop, DomainTraffic traffic) {
    return new Connections() {
      @Override
      public void opening() throws NotNowException {
        if (traffic.connect(hop) instanceof Admission.Wait wait) {
          throw new NotNowException(wait);
        }
      }

      @Override
      public void closed() {
        traffic.disconnected(hop);
      }
    };
  }
}
