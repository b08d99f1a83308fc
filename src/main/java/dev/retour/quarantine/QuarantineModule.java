package dev.retour.quarantine;

import java.time.InstantSource;
import org.apache.camel.spi.Registry;
import org.jdbi.v3.core.Jdbi;

/** Creates the room's beans and names them. */
public final class QuarantineModule {
  /** The one place where the bean's name is written in Java. */
  public static final String ADDRESS_BOOK = "addressBook";

  private QuarantineModule() {}

  /** Binds the {@link AddressBook} and its {@link AddressCleanUp}. */
  public static AddressBook bind(
      Registry registry,
      Jdbi jdbi,
      InstantSource clock,
      QuarantineConfig config,
      DomainReach reach) {
    AddressBook book = new AddressBook(jdbi, clock, config, reach);
    registry.bind(ADDRESS_BOOK, book);
    registry.bind("addressCleanUp", new AddressCleanUp(jdbi, clock, config, book));
    return book;
  }
}
