package dev.retour.qualification;

import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Finds all of many words in one pass (Aho and Corasick 1975).
 *
 * <p>What a step costs is how much memory it touches, as tens of thousands of places fit into no
 * processor's cache. Near the root, where a text mostly is, a step over an ASCII character is one
 * array access. Further down a place is a short run of one array, and the only child of a place
 * follows right behind it.
 */
final class WordScan {
  private static final int ASCII = 128;

  /** Letters read so far at the places that have a whole row of {@link #next}. */
  private static final int DENSE_DEPTH = 2;

  /** The part of a head that says how many children follow. */
  private static final int CHILDREN_BITS = 12;

  private static final int CHILDREN = (1 << CHILDREN_BITS) - 1;
  private static final int UNUSED = -1;

  /** Column of each ASCII character in {@link #next}; 0 for those in no word. */
  private final int[] column = new int[ASCII];

  private final int columns;
  private final int[] next;

  /** How many places have a row; these are numbered first, all others by where their run begins. */
  private final int dense;

  /**
   * By place its head: where in {@link #lists} the list of what is found there begins, 0 if there
   * is none, and the number of children. Behind the heads of the dense places come the runs: head,
   * fallback, and for each child its letter and its place.
   */
  private final int[] places;

  private final int[] fallback;

  /** Lists of numbers behind each other, each begun by its length. */
  private final int[] lists;

  /** Steps over other than ASCII characters from dense places: (place, letter) and where to. */
  private final int[] foreignSteps;

  private final int[] foreignPlaces;

  /**
   * Builds the automaton.
   *
   * @param words what to look for, each with the numbers to report
   */
  WordScan(Map<String, int[]> words) {
    WordTree tree = new WordTree(words);
    columns = columns(words);
    int[] number = new int[tree.size()];
    int rows = 0;
    int foreign = 0;
    for (int at : tree.byDepth()) {
      if (tree.depth(at) <= DENSE_DEPTH) {
        number[at] = rows++;
        foreign += (int) tree.children(at).keySet().stream().filter(c -> c >= ASCII).count();
      }
    }
    dense = rows;
    places = new int[layOut(tree, 0, rows, number)];
    fallback = new int[dense];
    next = new int[dense * columns];
    foreignSteps = new int[Integer.highestOneBit(foreign * 2 + 1) * 2];
    Arrays.fill(foreignSteps, UNUSED);
    foreignPlaces = new int[foreignSteps.length];
    IdentityHashMap<int[], Integer> known = new IdentityHashMap<>();
    IntStream.Builder all = IntStream.builder();
    all.add(0);
    int end = 1;
    for (int at : tree.byDepth()) {
      int[] found = tree.found(at);
      Integer list = found.length == 0 ? Integer.valueOf(0) : known.putIfAbsent(found, end);
      fill(tree, at, list == null ? end : list, number);
      if (list == null) {
        all.add(found.length);
        Arrays.stream(found).forEach(all);
        end += 1 + found.length;
      }
    }
    lists = all.build().toArray();
  }

  private int columns(Map<String, int[]> words) {
    int used = 1;
    for (String word : words.keySet()) {
      for (int i = 0; i < word.length(); i++) {
        char c = word.charAt(i);
        if (c < ASCII && column[c] == 0) {
          column[c] = used++;
        }
      }
    }
    return used;
  }

  /** Numbers the places below one depth first; gives where the next run would begin. */
  private static int layOut(WordTree tree, int at, int begin, int[] number) {
    int free = begin;
    if (tree.depth(at) > DENSE_DEPTH) {
      number[at] = free;
      free += 2 + 2 * tree.children(at).size();
    }
    for (int child : tree.children(at).values()) {
      free = layOut(tree, child, free, number);
    }
    return free;
  }

  private void fill(WordTree tree, int at, int list, int[] number) {
    int place = number[at];
    Map<Character, Integer> children = tree.children(at);
    if (place >= dense) {
      places[place] = list << CHILDREN_BITS | children.size();
      places[place + 1] = number[tree.fallback(at)];
      int behind = place + 2;
      for (Map.Entry<Character, Integer> child : children.entrySet()) {
        places[behind++] = child.getKey();
        places[behind++] = number[child.getValue()];
      }
      return;
    }
    places[place] = list << CHILDREN_BITS;
    fallback[place] = number[tree.fallback(at)];
    System.arraycopy(next, fallback[place] * columns, next, place * columns, columns);
    children.forEach(
        (letter, child) -> {
          if (letter < ASCII) {
            next[place * columns + column[letter]] = number[child];
          } else {
            int slot = foreignSlot(place, letter);
            foreignSteps[slot] = place << Character.SIZE | letter;
            foreignPlaces[slot] = number[child];
          }
        });
  }

  /** Where a step is filed, or the free slot where it would be. */
  private int foreignSlot(int place, char letter) {
    int step = place << Character.SIZE | letter;
    int slot = (step * 0x9e3779b1) >>> 7 & foreignSteps.length - 1;
    while (foreignSteps[slot] != step && foreignSteps[slot] != UNUSED) {
      slot = slot + 1 & foreignSteps.length - 1;
    }
    return slot;
  }

  /** Reports the numbers of every word that occurs, how often it may. */
  void in(String text, IntConsumer report) {
    int at = 0;
    char[] letters = text.toCharArray();
    for (char c : letters) {
      at = step(at, c);
      int list = places[at] >>> CHILDREN_BITS;
      if (list != 0) {
        for (int i = list + lists[list]; i > list; i--) {
          report.accept(lists[i]);
        }
      }
    }
  }

  private int step(int from, char c) {
    int at = from;
    while (at >= dense) {
      int end = at + 2 + 2 * (places[at] & CHILDREN);
      for (int child = at + 2; child < end; child += 2) {
        if (places[child] == c) {
          return places[child + 1];
        }
      }
      at = places[at + 1];
    }
    return c < ASCII ? next[at * columns + column[c]] : foreign(at, c);
  }

  private int foreign(int from, char c) {
    int at = from;
    while (true) {
      int slot = foreignSlot(at, c);
      if (foreignSteps[slot] != UNUSED) {
        return foreignPlaces[slot];
      }
      if (at == 0) {
        return 0;
      }
      at = fallback[at];
    }
  }
}
