package dev.retour.domains;

import dev.retour.mail.SigningRules;

/** The rules in force; a changed file replaces its rules as a whole. */
public final class Domains implements SigningRules {
  private volatile DomainRules rules;
  private volatile MxRules mxRules;

  public Domains(DomainRules rules, MxRules mxRules) {
    this.rules = rules;
    this.mxRules = mxRules;
  }

  public DomainRules rules() {
    return rules;
  }

  public MxRules mxRules() {
    return mxRules;
  }

  @Override
  public Wish to(String recipientDomain) {
    return rules.ruleFor(recipientDomain).signing();
  }

  public void replace(DomainRules checked) {
    rules = checked;
  }

  public void replace(MxRules checked) {
    mxRules = checked;
  }
}
