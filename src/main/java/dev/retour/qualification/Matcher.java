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
 * <p>One Aho-Corasick pass over the text finds which patterns can match at all; only those are run,
 * in the order of the rules. Immutable and safe for many threads.
 */
final class Matcher {
  /** One way for a rule to match: a pattern, or null for a rule that looks at no text. */
  private record Way(Rule rule, @Nullable TextPattern text) {}

  private final List<Way> ways = new ArrayList<>();
  private final BitSet alwaysTried = new BitSet();

  /** The way that needs one word of a set, by the number of the set. */
  private final List<Integer> wayOfSet = new ArrayList<>();

  private final WordScan literals;

  Matcher(List<Rule> rules) {
    Map<String, BitSet> setsByLiteral = new HashMap<>();
    for (Rule rule : rules) {
      if (rule.conditions().texts().isEmpty()) {
        alwaysTried.set(ways.size());
        ways.add(new Way(rule, null));
      }
      for (TextPattern text : rule.conditions().texts()) {
        index(text, setsByLiteral);
        ways.add(new Way(rule, text));
      }
    }
    Map<String, int[]> words = new HashMap<>();
    setsByLiteral.forEach((literal, sets) -> words.put(literal, sets.stream().toArray()));
    literals = new WordScan(words);
  }

  private void index(TextPattern text, Map<String, BitSet> setsByLiteral) {
    if (text.required().sets().isEmpty()) {
      alwaysTried.set(ways.size());
    }
    for (Set<String> words : text.required().sets()) {
      for (String word : words) {
        setsByLiteral.computeIfAbsent(word, literal -> new BitSet()).set(wayOfSet.size());
      }
      wayOfSet.add(ways.size());
    }
  }

  /** How many patterns must be run on every text, because no word is provably required. */
  int alwaysTried() {
    return (int) alwaysTried.stream().filter(way -> ways.get(way).text() != null).count();
  }

  @Nullable Rule first(Subject subject) {
    return first(subject, TextPattern::find);
  }

  /**
   * The same without making the quick automata: they are worth their memory only for patterns that
   * real texts ask for, not for all those the examples ask for once.
   */
  @Nullable Rule firstOfExample(Subject subject) {
    return first(subject, TextPattern::findByRe2);
  }

  private @Nullable Rule first(Subject subject, BiPredicate<TextPattern, String> find) {
    BitSet candidates = candidates(subject.text());
    for (int i = candidates.nextSetBit(0); i >= 0; i = candidates.nextSetBit(i + 1)) {
      Way way = ways.get(i);
      Conditions conditions = way.rule().conditions();
      if (conditions.circumstancesHold(subject)
          && found(way, subject, find)
          && !excepted(conditions, subject, find)) {
        return way.rule();
      }
    }
    return null;
  }

  private static boolean excepted(
      Conditions conditions, Subject subject, BiPredicate<TextPattern, String> find) {
    for (TextPattern exception : conditions.unless()) {
      if (find.test(exception, subject.text())) {
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
        i >= 0 && near.size() < max;
        i = candidates.nextSetBit(i + 1)) {
      Way way = ways.get(i);
      String id = way.rule().id();
      boolean won = winner != null && winner.id().equals(id);
      if (!won && !near.containsKey(id) && found(way, subject, TextPattern::find)) {
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

  private static boolean found(Way way, Subject subject, BiPredicate<TextPattern, String> find) {
    TextPattern text = way.text();
    return text == null || text.required().certain() || find.test(text, subject.text());
  }

  /** The ways of which every required set has a word in the text. */
  private BitSet candidates(String text) {
    Marker marker = new Marker(this);
    literals.in(text, marker);
    marker.candidates.or(alwaysTried);
    return marker.candidates;
  }

  /** Counts the sets found for each way; storing the finds themselves would only cost memory. */
  private static final class Marker implements IntConsumer {
    private final Matcher matcher;
    private final BitSet candidates = new BitSet();
    private final boolean[] sets;
    private final byte[] found;

    Marker(Matcher matcher) {
      this.matcher = matcher;
      this.sets = new boolean[matcher.wayOfSet.size()];
      this.found = new byte[matcher.ways.size()];
    }

    @Override
    public void accept(int set) {
      if (!sets[set]) {
        sets[set] = true;
        count(matcher.wayOfSet.get(set));
      }
    }

    private void count(int way) {
      found[way]++;
      TextPattern text = matcher.ways.get(way).text();
      if (text != null && found[way] == text.required().sets().size()) {
        candidates.set(way);
      }
    }
  }
}
