package dev.retour.qualification;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Characters a program never tells apart are one class: what keeps its tables small. */
final class CharClasses {
  private static final int ASCII = 128;

  /** Where a stretch of characters of one class begins, ascending. */
  private final int[] from;

  private final int[] classOf;
  private final int[] ascii = new int[ASCII];
  private final boolean[] word;
  private final int count;

  private CharClasses(Set<BitSet> sets) {
    TreeSet<Integer> edges = new TreeSet<>();
    edges.add(0);
    for (BitSet set : sets) {
      for (int at = set.nextSetBit(0); at >= 0; at = set.nextSetBit(at)) {
        edges.add(at);
        at = set.nextClearBit(at);
        edges.add(at);
      }
    }
    edges.tailSet(PatternReader.BEYOND, false).clear();
    from = edges.stream().mapToInt(Integer::intValue).toArray();
    classOf = new int[from.length];
    Map<BitSet, Integer> known = new HashMap<>();
    for (int i = 0; i < from.length; i++) {
      BitSet members = new BitSet();
      int nth = 0;
      for (BitSet set : sets) {
        members.set(nth++, set.get(from[i]));
      }
      Integer fresh = known.size();
      Integer old = known.putIfAbsent(members, fresh);
      classOf[i] = old == null ? fresh : old;
    }
    count = known.size();
    word = new boolean[count + 1];
    for (int i = 0; i < from.length; i++) {
      word[classOf[i]] |= PatternReader.WORD.get(from[i]);
    }
    Arrays.setAll(ascii, this::search);
  }

  static CharClasses of(Program program) {
    Set<BitSet> sets = new LinkedHashSet<>();
    sets.add(PatternReader.WORD);
    BitSet beyond = new BitSet();
    beyond.set(PatternReader.BEYOND);
    sets.add(beyond);
    for (int i = 0; i < program.size(); i++) {
      sets.add(program.step(i).chars());
    }
    return new CharClasses(sets);
  }

  int of(char c) {
    return c < ASCII ? ascii[c] : search(c);
  }

  /** The class of every character outside the basic plane. */
  int beyond() {
    return search(PatternReader.BEYOND);
  }

  /** Stands for the end of the text. */
  int end() {
    return count;
  }

  /** How many classes there are, the end of the text included. */
  int count() {
    return count + 1;
  }

  boolean isWord(int charClass) {
    return word[charClass];
  }

  /** Which classes lie within a set. */
  boolean[] taken(BitSet set) {
    boolean[] taken = new boolean[count];
    for (int i = 0; i < from.length; i++) {
      taken[classOf[i]] |= set.get(from[i]);
    }
    return taken;
  }

  private int search(int c) {
    int at = Arrays.binarySearch(from, c);
    return classOf[at >= 0 ? at : -at - 2];
  }
}
