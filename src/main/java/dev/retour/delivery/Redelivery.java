package dev.retour.delivery;

/** The redelivery rules in force; a changed file replaces them as a whole. */
public final class Redelivery {
  private volatile RedeliveryRules rules;

  public Redelivery(RedeliveryRules rules) {
    this.rules = rules;
  }

  public RedeliveryRules rules() {
    return rules;
  }

  public void replace(RedeliveryRules checked) {
    rules = checked;
  }
}
