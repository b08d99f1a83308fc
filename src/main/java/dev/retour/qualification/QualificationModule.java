package dev.retour.qualification;

import org.apache.camel.spi.Registry;

/** Creates the room's beans and names them. */
public final class QualificationModule {
  /** The one place where the bean's name is written in Java. */
  public static final String QUALIFIER = "qualifier";

  private QualificationModule() {}

  /**
   * Loads the rules and binds the {@link Qualifier}.
   *
   * @throws RuleSetException when a rule file has a fault
   */
  public static Qualifier bind(Registry registry, QualificationConfig config) {
    Qualifier qualifier = new Qualifier(RuleSet.load(config.rules()), config);
    registry.bind(QUALIFIER, qualifier);
    return qualifier;
  }
}
