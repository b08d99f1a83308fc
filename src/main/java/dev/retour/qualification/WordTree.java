package dev.retour.qualification;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * All words as one tree of letters, with the place each place falls back to: what {@link WordScan}
 * is laid out from and then thrown away.
 */
final class WordTree {
  private static final int[] NONE = {};

  private final List<Map<Character, Integer>> children = new ArrayList<>();
  private final List<int[]> found = new ArrayList<>();
  private final List<Integer> depths = new ArrayList<>();
  private final int[] fallback;
  private final List<Integer> byDepth;

  /**
   * Builds the tree.
   *
   * @param words each with the numbers to report
   */
  WordTree(Map<String, int[]> words) {
    add(0);
    for (Map.Entry<String, int[]> word : words.entrySet()) {
      int at = 0;
      for (int i = 0; i < word.getKey().length(); i++) {
        char c = word.getKey().charAt(i);
        Integer child = children.get(at).get(c);
        if (child == null) {
          child = add(depths.get(at) + 1);
          children.get(at).put(c, child);
        }
        at = child;
      }
      found.set(at, union(found.get(at), word.getValue()));
    }
    fallback = new int[children.size()];
    byDepth = link();
  }

  private Integer add(int depth) {
    children.add(new TreeMap<>());
    found.add(NONE);
    depths.add(depth);
    return children.size() - 1;
  }

  /** Breadth first, so that what a place falls back to is ready before it. */
  private List<Integer> link() {
    List<Integer> order = new ArrayList<>();
    Deque<Integer> open = new ArrayDeque<>(List.of(0));
    while (!open.isEmpty()) {
      int at = open.remove();
      order.add(at);
      children
          .get(at)
          .forEach(
              (letter, child) -> {
                fallback[child] = at == 0 ? 0 : follow(fallback[at], letter);
                found.set(child, union(found.get(child), found.get(fallback[child])));
                open.add(child);
              });
    }
    return order;
  }

  int size() {
    return fallback.length;
  }

  /** All places, those of fewer letters first; the first is the root. */
  List<Integer> byDepth() {
    return byDepth;
  }

  /** How many letters lead to a place. */
  int depth(int place) {
    return depths.get(place);
  }

  Map<Character, Integer> children(int place) {
    return children.get(place);
  }

  int fallback(int place) {
    return fallback[place];
  }

  /** The numbers of all words that end at a place, those it falls back to included. */
  int[] found(int place) {
    return found.get(place);
  }

  /** Where a letter leads to from a place. */
  int follow(int place, char letter) {
    int at = place;
    while (true) {
      Integer child = children.get(at).get(letter);
      if (child != null) {
        return child;
      }
      if (at == 0) {
        return 0;
      }
      at = fallback[at];
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
