package dev.retour.qualification;

import java.util.List;

/**
 * Why a verdict came about, for a person who asks.
 *
 * @param verdict the decision
 * @param precedence the class of the rule that won
 * @param status the enhanced status code used, empty when none
 * @param replyCode the SMTP reply code used, 0 when none
 * @param others rules that match too but come later, or whose words match and another condition
 *     does not; in rule order, at most twenty
 */
public record Explanation(
    Verdict verdict, Precedence precedence, String status, int replyCode, List<Candidate> others) {

  /**
   * A rule near the winner.
   *
   * @param ruleId its id
   * @param why one sentence: why it did not decide
   */
  public record Candidate(String ruleId, String why) {}
}
