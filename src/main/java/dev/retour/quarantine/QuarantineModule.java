package dev.retour.quarantine;

import java.time.InstantSource;
import org.apache.camel.spi.Registry;
import org.jdbi.v3.core.Jdbi;

/** Creates the room's beans and names them. */
public final class QuarantineModule {
  /** The one place where the bean's name is written in Java. */
  public static final String ADDRESS_BOOK = "addressBook";

  private QuarantineModule() {}

  /**
   * What the room needs.
   *
   * @param reach how many addresses a domain has
   * @param listener is told of changes of an address's standing
   * @param gate the rules of the gate
   */
  public record Needs(
      Jdbi jdbi,
      InstantSource clock,
      DomainReach reach,
      StandingListener listener,
      Gate.Terms gate) {
    /** The gate has no rules. */
    public Needs(Jdbi jdbi, InstantSource clock, DomainReach reach, StandingListener listener) {
      this(jdbi, clock, reach, listener, Gate.Terms.NONE);
    }
  }

  /** Binds the {@link AddressBook} and its {@link AddressCleanUp}. */
  public static AddressBook bind(Registry registry, QuarantineConfig config, Needs needs) {
    AddressBook book =
        new AddressBook(
            needs.jdbi(),
            needs.clock(),
            config,
            new AddressBook.Beside(needs.reach(), needs.listener(), needs.gate()));
    registry.bind(ADDRESS_BOOK, book);
    registry.bind("addressCleanUp", new AddressCleanUp(needs.jdbi(), needs.clock(), config, book));
    return book;
  }
}
