package dev.retour.qualification;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Says whether a pattern occurs in a text, as RE2 does in C++ and RE2J does not: a deterministic
 * automaton whose states are made when a text first needs them, so that a known state costs one
 * array access a character. Linear in the text whatever the pattern is; the states kept are
 * bounded.
 *
 * <p>Safe for many threads without a lock: states never change but for their links, and two threads
 * can only ever store links that mean the same.
 */
final class LazyDfa {
  /** States kept of one pattern; then all are forgotten and made anew. */
  private static final int STATES_MAX = 300;

  private final Program program;
  private final CharClasses classes;
  private final boolean[][] takes;
  private final boolean bounded;
  private final boolean anchored;
  private final State matched;
  private final State failed;
  private volatile Cache cache;

  /** What stands before a place in the text, as far as assertions ask for it. */
  private enum Before {
    NOTHING,
    WORD,
    OTHER
  }

  /** The places in the program a text read so far can have led to. */
  private static final class State {
    final Key key;
    final @Nullable State[] next;

    State(Key key, int links) {
      this.key = key;
      this.next = new State[links];
    }
  }

  private static final class Key {
    final int[] places;
    final Before before;
    private final int hash;

    Key(int[] places, Before before) {
      this.places = places;
      this.before = before;
      this.hash = Arrays.hashCode(places) * 31 + before.name().charAt(0);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key key && before == key.before && Arrays.equals(places, key.places);
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }

  private record Cache(State first, Map<Key, State> states) {}

  private LazyDfa(Program program) {
    this.program = program;
    this.classes = CharClasses.of(program);
    this.bounded = program.has(Program.Op.BOUNDARY);
    this.anchored = program.has(Program.Op.BEGIN);
    this.takes = new boolean[program.size()][];
    for (int i = 0; i < takes.length; i++) {
      takes[i] = classes.taken(program.step(i).chars());
    }
    this.matched = new State(new Key(new int[0], Before.NOTHING), 0);
    this.failed = new State(new Key(new int[0], Before.OTHER), 0);
    this.cache = fresh();
  }

  /** The automaton of a pattern, or null when it must be left to RE2J. */
  static @Nullable LazyDfa of(String pattern) {
    Program program = PatternReader.read(pattern);
    return program == null ? null : new LazyDfa(program);
  }

  boolean find(String text) {
    State state = cache.first();
    char[] letters = text.toCharArray();
    for (int i = 0; i < letters.length; i++) {
      char c = letters[i];
      boolean pair =
          Character.isHighSurrogate(c)
              && i + 1 < letters.length
              && Character.isLowSurrogate(letters[i + 1]);
      i += pair ? 1 : 0;
      state = step(state, pair ? classes.beyond() : classes.of(c));
      if (state == matched) {
        return true;
      }
    }
    return step(state, classes.end()) == matched;
  }

  private State step(State state, int read) {
    State next = state.next[read];
    if (next == null) {
      next = make(state.key, read);
      state.next[read] = next;
    }
    return next;
  }

  private State make(Key from, int read) {
    boolean end = read == classes.end();
    boolean word = classes.isWord(read);
    boolean[] seen = new boolean[program.size()];
    int[] open = Arrays.copyOf(from.places, program.size() + from.places.length);
    int count = from.places.length;
    BitSet reached = new BitSet(program.size());
    while (count > 0) {
      int at = open[--count];
      if (seen[at]) {
        continue;
      }
      seen[at] = true;
      Program.Step step = program.step(at);
      boolean on =
          switch (step.op()) {
            case MATCH -> {
              count = -1;
              yield false;
            }
            case ONE -> {
              if (!end && takes[at][read]) {
                reached.set(step.next());
              }
              yield false;
            }
            case EITHER -> true;
            case BEGIN -> from.before == Before.NOTHING;
            case END -> end;
            case BOUNDARY -> (from.before == Before.WORD) != word;
          };
      if (count < 0) {
        return matched;
      }
      if (on) {
        open = push(open, count++, step.next());
        if (step.op() == Program.Op.EITHER) {
          open = push(open, count++, step.other());
        }
      }
    }
    return end ? failed : kept(reached, word);
  }

  private static int[] push(int[] open, int count, int place) {
    int[] grown = count < open.length ? open : Arrays.copyOf(open, count * 2 + 2);
    grown[count] = place;
    return grown;
  }

  private State kept(BitSet reached, boolean word) {
    reached.set(program.start); // a match may begin anywhere
    Before before = bounded && word ? Before.WORD : Before.OTHER;
    Key key = new Key(reached.stream().toArray(), before);
    Cache now = cache;
    State known = now.states().get(key);
    if (known != null) {
      return known;
    }
    if (now.states().size() >= STATES_MAX) {
      now = fresh();
      cache = now;
    }
    State made = new State(key, classes.count());
    State other = now.states().putIfAbsent(key, made);
    return other == null ? made : other;
  }

  private Cache fresh() {
    Before before = anchored ? Before.NOTHING : Before.OTHER;
    Key key = new Key(new int[] {program.start}, before);
    State first = new State(key, classes.count());
    Map<Key, State> states = new ConcurrentHashMap<>();
    states.put(key, first);
    return new Cache(first, states);
  }
}
