package dev.retour.qualification;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds the first rule that matches.
 *
 * <p>One Aho-Corasick pass over the text finds which alternatives of which patterns can match at
 * all, those that make an exception from a rule included; only these are run, in the order of the
 * rules. Immutable and safe for many threads.
 */
final class Matcher {
  /** Bits for the number of a set of words within its way; there are never more of them. */
  private static final int SET_BITS = 3;

  /**
   * One way for a rule to match, or for an exception from it.
   *
   * @param text null for a rule that looks at no text
   * @param part the alternative of the text that this way is
   */
  private record Way(Rule rule, @Nullable TextPattern text, @Nullable Alternative part) {}

  private final Way[] ways;

  /** How many of the ways are rules; those behind them are exceptions. */
  private final int rulesEnd;

  /** By way of a rule: where the exceptions from it begin, and where they end. */
  private final int[] exceptionsFrom;

  private final int[] exceptionsTo;

  /** By way: one bit for each of its sets of words; a text must have a word of each set. */
  private final byte[] allSets;

  private final BitSet alwaysTried = new BitSet();
  private final WordScan literals;

  Matcher(List<Rule> rules) {
    List<Way> all = new ArrayList<>();
    List<Integer> ends = new ArrayList<>();
    for (Rule rule : rules) {
      if (rule.conditions().texts().isEmpty()) {
        all.add(new Way(rule, null, null));
      }
      addWays(rule, rule.conditions().texts(), all);
      ends.add(all.size());
    }
    rulesEnd = all.size();
    exceptionsFrom = new int[rulesEnd];
    exceptionsTo = new int[rulesEnd];
    int way = 0;
    for (int i = 0; i < rules.size(); i++) {
      int from = all.size();
      addWays(rules.get(i), rules.get(i).conditions().unless(), all);
      for (; way < ends.get(i); way++) {
        exceptionsFrom[way] = from;
        exceptionsTo[way] = all.size();
      }
    }
    ways = all.toArray(Way[]::new);
    allSets = new byte[ways.length];
    literals = new WordScan(words());
  }

  private static void addWays(Rule rule, List<TextPattern> texts, List<Way> into) {
    for (TextPattern text : texts) {
      for (Alternative part : text.alternatives()) {
        into.add(new Way(rule, text, part));
      }
    }
  }

  /** All words required by any way, each with its ways and the sets of them that it is in. */
  private Map<String, int[]> words() {
    Map<String, BitSet> setsByWord = new HashMap<>();
    for (int way = 0; way < ways.length; way++) {
      Alternative part = ways[way].part();
      List<Set<String>> sets = part == null ? List.of() : part.required().sets();
      alwaysTried.set(way, sets.isEmpty());
      allSets[way] = (byte) ((1 << sets.size()) - 1);
      for (int set = 0; set < sets.size(); set++) {
        for (String word : sets.get(set)) {
          setsByWord.computeIfAbsent(word, any -> new BitSet()).set(way << SET_BITS | set);
        }
      }
    }
    Map<String, int[]> words = new HashMap<>();
    setsByWord.forEach((word, sets) -> words.put(word, sets.stream().toArray()));
    return words;
  }

  @Nullable Rule first(Subject subject) {
    return first(subject, Matcher::finds);
  }

  /**
   * The same without making the quick automata: they are worth their memory only for patterns that
   * real texts ask for, not for all those the examples ask for once.
   */
  @Nullable Rule firstOfExample(Subject subject) {
    return first(subject, (way, text) -> way.text() == null || way.text().findByRe2(text));
  }

  private @Nullable Rule first(Subject subject, BiPredicate<Way, String> finds) {
    BitSet candidates = candidates(subject.text());
    for (int i = candidates.nextSetBit(0);
        i >= 0 && i < rulesEnd;
        i = candidates.nextSetBit(i + 1)) {
      Way way = ways[i];
      if (way.rule().conditions().circumstancesHold(subject)
          && finds.test(way, subject.text())
          && !isExcepted(i, candidates, subject, finds)) {
        return way.rule();
      }
    }
    return null;
  }

  private boolean isExcepted(
      int rule, BitSet candidates, Subject subject, BiPredicate<Way, String> finds) {
    for (int i = candidates.nextSetBit(exceptionsFrom[rule]);
        i >= 0 && i < exceptionsTo[rule];
        i = candidates.nextSetBit(i + 1)) {
      if (finds.test(ways[i], subject.text())) {
        return true;
      }
    }
    return false;
  }

  /** Rules whose words match although they did not win, with the reason why. */
  List<Explanation.Candidate> near(Subject subject, @Nullable Rule winner, int max) {
    Map<String, Explanation.Candidate> near = new LinkedHashMap<>();
    BitSet candidates = candidates(subject.text());
    for (int i = candidates.nextSetBit(0);
        i >= 0 && i < rulesEnd && near.size() < max;
        i = candidates.nextSetBit(i + 1)) {
      Way way = ways[i];
      String id = way.rule().id();
      boolean won = winner != null && winner.id().equals(id);
      if (!won && !near.containsKey(id) && finds(way, subject.text())) {
        String why = why(way, subject);
        if (why != null) {
          near.put(id, new Explanation.Candidate(id, why));
        }
      }
    }
    return List.copyOf(near.values());
  }

  private static @Nullable String why(Way way, Subject subject) {
    String failing = way.rule().conditions().failingCircumstance(subject);
    if (failing == null && way.rule().conditions().excepted(subject)) {
      failing = "unless";
    }
    if (failing == null) {
      return "Matches too, but comes later.";
    }
    return way.text() == null
        ? null // a rule for codes alone is not near because its code is another
        : "Its words match, its condition \"" + failing + "\" does not hold.";
  }

  private static boolean finds(Way way, String text) {
    return way.text() == null
        || way.part() == null
        || way.part().required().certain()
        || way.text().find(way.part(), text);
  }

  /** The ways of which every required set has a word in the text. */
  private BitSet candidates(String text) {
    Marker marker = new Marker(allSets);
    literals.in(text, marker);
    marker.candidates.or(alwaysTried);
    return marker.candidates;
  }

  /** Marks the sets found of each way; storing the finds themselves would only cost memory. */
  private static final class Marker implements IntConsumer {
    private final byte[] allSets;
    private final byte[] found;
    private final BitSet candidates;

    Marker(byte[] allSets) {
      this.allSets = allSets;
      this.found = new byte[allSets.length];
      this.candidates = new BitSet(allSets.length);
    }

    @Override
    public void accept(int wayAndSet) {
      int way = wayAndSet >> SET_BITS;
      found[way] |= (byte) (1 << (wayAndSet & ((1 << SET_BITS) - 1)));
      if (found[way] == allSets[way]) {
        candidates.set(way);
      }
    }
  }
}
