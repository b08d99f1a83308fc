package dev.retour.qualification;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ahocorasick.trie.PayloadEmit;
import org.ahocorasick.trie.PayloadTrie;
import org.ahocorasick.trie.handler.PayloadEmitHandler;
import org.jspecify.annotations.Nullable;

/**
 * Finds the first rule that matches.
 *
 * <p>One Aho-Corasick pass over the text finds which patterns can match at all; only those are run.
 * Immutable and safe for many threads.
 */
final class Matcher {
  private final List<Rule> rules;
  private final BitSet alwaysTried = new BitSet();
  private final PayloadTrie<int[]> literals;

  Matcher(List<Rule> rules) {
    this.rules = List.copyOf(rules);
    Map<String, BitSet> rulesByLiteral = new HashMap<>();
    for (int i = 0; i < rules.size(); i++) {
      index(i, rules.get(i).conditions().texts(), rulesByLiteral);
    }
    PayloadTrie.PayloadTrieBuilder<int[]> builder = PayloadTrie.builder();
    rulesByLiteral.forEach(
        (literal, numbers) -> builder.addKeyword(literal, numbers.stream().toArray()));
    literals = builder.build();
  }

  private void index(int rule, List<TextPattern> texts, Map<String, BitSet> rulesByLiteral) {
    if (texts.isEmpty() || texts.stream().anyMatch(text -> text.literals().isEmpty())) {
      alwaysTried.set(rule);
      return;
    }
    for (TextPattern text : texts) {
      for (String literal : text.literals()) {
        rulesByLiteral.computeIfAbsent(literal, word -> new BitSet()).set(rule);
      }
    }
  }

  @Nullable Rule first(Subject subject) {
    BitSet candidates = candidates(subject.text());
    for (int i = candidates.nextSetBit(0); i >= 0; i = candidates.nextSetBit(i + 1)) {
      Rule rule = rules.get(i);
      if (rule.conditions().circumstancesHold(subject) && wordsHold(rule, subject)) {
        return rule;
      }
    }
    return null;
  }

  /** Rules whose words match although they did not win, with the reason why. */
  List<Explanation.Candidate> near(Subject subject, @Nullable Rule winner, int max) {
    List<Explanation.Candidate> near = new ArrayList<>();
    BitSet candidates = candidates(subject.text());
    for (int i = candidates.nextSetBit(0);
        i >= 0 && near.size() < max;
        i = candidates.nextSetBit(i + 1)) {
      Rule rule = rules.get(i);
      if ((winner != null && rule.id().equals(winner.id())) || !textFound(rule, subject)) {
        continue;
      }
      String failing = rule.conditions().failingCircumstance(subject);
      if (failing == null && rule.conditions().excepted(subject)) {
        failing = "unless";
      }
      boolean onlyCodes = rule.conditions().texts().isEmpty();
      if (failing == null) {
        near.add(new Explanation.Candidate(rule.id(), "Matches too, but comes later."));
      } else if (!onlyCodes) {
        near.add(
            new Explanation.Candidate(
                rule.id(), "Its words match, its condition \"" + failing + "\" does not."));
      }
    }
    return near;
  }

  private static boolean wordsHold(Rule rule, Subject subject) {
    return textFound(rule, subject) && !rule.conditions().excepted(subject);
  }

  private static boolean textFound(Rule rule, Subject subject) {
    List<TextPattern> texts = rule.conditions().texts();
    if (texts.isEmpty()) {
      return true;
    }
    for (TextPattern text : texts) {
      if (text.find(subject.text())) {
        return true;
      }
    }
    return false;
  }

  private BitSet candidates(String text) {
    BitSet candidates = (BitSet) alwaysTried.clone();
    literals.parseText(text, new Marker(candidates));
    return candidates;
  }

  /** Marks the rules of each literal found; storing the emits would only cost memory. */
  private record Marker(BitSet candidates) implements PayloadEmitHandler<int[]> {
    @Override
    public boolean emit(PayloadEmit<int[]> emit) {
      for (int rule : emit.getPayload()) {
        candidates.set(rule);
      }
      return true;
    }
  }
}
