package dev.retour.qualification;

import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.spi.Registry;
import org.jdbi.v3.core.Jdbi;

/** Creates the room's beans and names them. */
public final class QualificationModule {
  /** The one place where the bean's name is written in Java. */
  public static final String QUALIFIER = "qualifier";

  private QualificationModule() {}

  /**
   * Begins to load the rules and binds the {@link Qualifier}; {@link Qualifier#rules} tells whether
   * they are without fault.
   */
  public static Qualifier bind(Registry registry, QualificationConfig config) {
    Qualifier qualifier =
        new Qualifier(CompletableFuture.supplyAsync(() -> RuleSet.load(config.rules())), config);
    registry.bind(QUALIFIER, qualifier);
    return qualifier;
  }

  /** Binds what looks after the qualification table, once the database is open. */
  public static void bindTable(
      Registry registry, Jdbi jdbi, InstantSource clock, QualificationConfig config) {
    registry.bind(
        "tableCleanUp",
        new TableCleanUp(jdbi, new QualificationTable(clock), config.forgetAfter()));
  }
}
