package dev.retour.qualification;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntConsumer;

/**
 * Finds all of many words in one pass (Aho and Corasick 1975). Near the root, where a text mostly
 * is, a step over an ASCII character is one array access; further down, where most places are and
 * few texts come, a place knows only its own few children.
 */
final class WordScan {
  private static final int ASCII = 128;
  private static final int[] NONE = {};
  private static final char[] NO_LETTERS = {};

  /** Letters read so far at the places that have a whole row of {@link #next}. */
  private static final int DENSE_DEPTH = 2;

  /** Column of each ASCII character in {@link #next}; 0 for those in no word. */
  private final int[] column = new int[ASCII];

  private final int columns;

  /** By place: its row in {@link #next}, or negative. */
  private final int[] row;

  private final int[] next;

  /** By place: letters that lead on and are not in {@link #next}, and where each leads. */
  private final char[][] letters;

  private final int[][] children;

  /** By place: which of {@link #lists} is found there, or negative. */
  private final int[] list;

  private final int[][] lists;
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
    List<int[]> reported = new ArrayList<>();
    tree.add(new TreeMap<>());
    reported.add(NONE);
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
          reported.add(NONE);
        }
        at = child;
      }
      reported.set(at, union(reported.get(at), word.getValue()));
    }
    columns = columnsUsed;
    int[][] found = reported.toArray(int[][]::new);
    fallback = new int[tree.size()];
    letters = new char[tree.size()][];
    children = new int[tree.size()][];
    row = new int[tree.size()];
    next = new int[rows(tree) * columns];
    link(tree, found);
    list = new int[found.length];
    IdentityHashMap<int[], Integer> known = new IdentityHashMap<>();
    for (int at = 0; at < list.length; at++) {
      list[at] = found[at].length == 0 ? -1 : known.computeIfAbsent(found[at], any -> known.size());
    }
    lists = new int[known.size()][];
    known.forEach((numbers, number) -> lists[number] = numbers);
  }

  /** Gives the places near the root their rows; how many there are. */
  private int rows(List<Map<Character, Integer>> tree) {
    Arrays.fill(row, -1);
    List<Integer> level = List.of(0);
    int rows = 0;
    for (int depth = 0; depth <= DENSE_DEPTH; depth++) {
      List<Integer> below = new ArrayList<>();
      for (int at : level) {
        row[at] = rows++;
        below.addAll(tree.get(at).values());
      }
      level = below;
    }
    return rows;
  }

  /** Breadth first, so that what a place falls back to is ready before it. */
  private void link(List<Map<Character, Integer>> tree, int[][] found) {
    Deque<Integer> open = new ArrayDeque<>(List.of(0));
    while (!open.isEmpty()) {
      int at = open.remove();
      boolean dense = row[at] >= 0;
      if (dense) {
        System.arraycopy(next, row[fallback[at]] * columns, next, row[at] * columns, columns);
      }
      letters[at] = NO_LETTERS;
      children[at] = NONE;
      for (Map.Entry<Character, Integer> entry : tree.get(at).entrySet()) {
        char c = entry.getKey();
        int child = entry.getValue();
        fallback[child] = at == 0 ? 0 : follow(fallback[at], c);
        found[child] = union(found[child], found[fallback[child]]);
        open.add(child);
        if (!dense || c >= ASCII) {
          letters[at] = Arrays.copyOf(letters[at], letters[at].length + 1);
          letters[at][letters[at].length - 1] = c;
          children[at] = Arrays.copyOf(children[at], children[at].length + 1);
          children[at][children[at].length - 1] = child;
        }
      }
      if (dense) {
        tree.get(at)
            .forEach(
                (c, child) -> {
                  if (c < ASCII) {
                    next[row[at] * columns + column[c]] = child;
                  }
                });
      }
    }
  }

  private int follow(int from, char c) {
    int at = from;
    while (true) {
      if (c < ASCII && row[at] >= 0) {
        return next[row[at] * columns + column[c]];
      }
      char[] own = letters[at];
      for (int i = 0; i < own.length; i++) {
        if (own[i] == c) {
          return children[at][i];
        }
      }
      if (at == 0) {
        return 0;
      }
      at = fallback[at];
    }
  }

  /** Reports the numbers of every word that occurs, how often it may. */
  void in(String text, IntConsumer report) {
    boolean[] told = new boolean[lists.length]; // most words of a mail occur more than once
    int at = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      at = c < ASCII || used.get(c) ? follow(at, c) : 0;
      int numbers = list[at];
      if (numbers >= 0 && !told[numbers]) {
        told[numbers] = true;
        for (int number : lists[numbers]) {
          report.accept(number);
        }
      }
    }
  }

  private static int[] union(int[] some, int[] others) {
    if (others.length == 0 || some.length == 0) {
      return some.length == 0 ? others : some;
    }
    TreeSet<Integer> all = new TreeSet<>();
    Arrays.stream(some).forEach(all::add);
    Arrays.stream(others).forEach(all::add);
    return all.stream().mapToInt(Integer::intValue).toArray();
  }
}
