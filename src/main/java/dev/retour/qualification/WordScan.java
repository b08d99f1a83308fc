package dev.retour.qualification;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntConsumer;

/**
 * Finds all of many words in one pass (Aho and Corasick 1975). A step over an ASCII character is
 * one array access, over another one mostly a failed look-up; the general library at hand asks a
 * tree map each time and took most of the time of a judgement.
 */
final class WordScan {
  private static final int ASCII = 128;
  private static final int[] NONE = {};

  /** Column of each ASCII character in {@link #next}; 0 for those in no word. */
  private final int[] column = new int[ASCII];

  private final int columns;
  private final int[] next;
  private final List<Map<Character, Integer>> beyond = new ArrayList<>();
  private final List<int[]> found = new ArrayList<>();
  private final int[] fallback;

  /** Characters that occur in some word. */
  private final BitSet used = new BitSet();

  /**
   * Builds the automaton.
   *
   * @param words what to look for, each with the numbers to report
   */
  WordScan(Map<String, int[]> words) {
    List<Map<Character, Integer>> tree = new ArrayList<>();
    tree.add(new TreeMap<>());
    found.add(NONE);
    int columnsUsed = 1;
    for (Map.Entry<String, int[]> word : words.entrySet()) {
      int at = 0;
      for (char c : word.getKey().toCharArray()) {
        if (c < ASCII && column[c] == 0) {
          column[c] = columnsUsed++;
        }
        used.set(c);
        Integer child = tree.get(at).get(c);
        if (child == null) {
          child = tree.size();
          tree.get(at).put(c, child);
          tree.add(new TreeMap<>());
          found.add(NONE);
        }
        at = child;
      }
      found.set(at, union(found.get(at), word.getValue()));
    }
    columns = columnsUsed;
    next = new int[tree.size() * columns];
    fallback = new int[tree.size()];
    link(tree);
  }

  /** Breadth first, so that what a node falls back to is ready before it. */
  private void link(List<Map<Character, Integer>> tree) {
    tree.forEach(children -> beyond.add(Map.of()));
    Deque<Integer> open = new ArrayDeque<>(List.of(0));
    while (!open.isEmpty()) {
      int at = open.remove();
      System.arraycopy(next, fallback[at] * columns, next, at * columns, columns);
      Map<Character, Integer> others = new TreeMap<>();
      tree.get(at)
          .forEach(
              (c, child) -> {
                fallback[child] = at == 0 ? 0 : follow(fallback[at], c);
                found.set(child, union(found.get(child), found.get(fallback[child])));
                open.add(child);
                if (c >= ASCII) {
                  others.put(c, child);
                }
              });
      tree.get(at)
          .forEach(
              (c, child) -> {
                if (c < ASCII) {
                  next[at * columns + column[c]] = child;
                }
              });
      beyond.set(at, others.isEmpty() ? Map.of() : Map.copyOf(others));
    }
  }

  private int follow(int from, char c) {
    if (c < ASCII) {
      return next[from * columns + column[c]];
    }
    if (!used.get(c)) {
      return 0;
    }
    int at = from;
    while (true) {
      Map<Character, Integer> others = beyond.get(at);
      Integer child = others.isEmpty() ? null : others.get(c);
      if (child != null) {
        return child;
      }
      if (at == 0) {
        return 0;
      }
      at = fallback[at];
    }
  }

  /** Reports the numbers of every word at each of its occurrences. */
  void in(String text, IntConsumer report) {
    int at = 0;
    for (int i = 0; i < text.length(); i++) {
      at = follow(at, text.charAt(i));
      for (int number : found.get(at)) {
        report.accept(number);
      }
    }
  }

  private static int[] union(int[] some, int[] others) {
    if (others.length == 0) {
      return some;
    }
    TreeSet<Integer> all = new TreeSet<>();
    Arrays.stream(some).forEach(all::add);
    Arrays.stream(others).forEach(all::add);
    return all.stream().mapToInt(Integer::intValue).toArray();
  }
}
