package dev.retour.qualification;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** A pattern as a non-deterministic automaton (Thompson): what {@link LazyDfa} makes steps of. */
final class Program {
  static final int UNBOUNDED = -1;
  private static final int STEPS_MAX = 20_000;
  private static final BitSet NOTHING = new BitSet();

  /** What a step asks of the text. */
  enum Op {
    /** One character of a set. */
    ONE,
    /** Go on in two places. */
    EITHER,
    /** Only at the begin of the text. */
    BEGIN,
    /** Only at its end. */
    END,
    /** Only between a letter or digit and something else, ASCII as in RE2. */
    BOUNDARY,
    /** The pattern has matched. */
    MATCH
  }

  /**
   * One step.
   *
   * @param chars for {@link Op#ONE}
   * @param next where to go on
   * @param other for {@link Op#EITHER}
   */
  record Step(Op op, BitSet chars, int next, int other) {}

  int start;
  private final List<Step> steps = new ArrayList<>();
  private boolean tooLarge;

  Step step(int at) {
    return steps.get(at);
  }

  int size() {
    return steps.size();
  }

  boolean isTooLarge() {
    return tooLarge;
  }

  boolean has(Op op) {
    return steps.stream().anyMatch(step -> step.op() == op);
  }

  int match() {
    return add(new Step(Op.MATCH, NOTHING, 0, 0));
  }

  int one(BitSet chars, int next) {
    return add(new Step(Op.ONE, chars, next, 0));
  }

  int either(int first, int second) {
    return add(new Step(Op.EITHER, NOTHING, first, second));
  }

  int when(Op assertion, int next) {
    return add(new Step(assertion, NOTHING, next, 0));
  }

  /**
   * Repeats a part.
   *
   * @param part compiles the part in front of the place given
   * @param most or {@link #UNBOUNDED}
   */
  int repeat(IntUnaryOperator part, int least, int most, int next) {
    int begin = next;
    if (most == UNBOUNDED) {
      int loop = either(next, next);
      steps.set(loop, new Step(Op.EITHER, NOTHING, part.applyAsInt(loop), next));
      begin = loop;
    }
    for (int i = least; i < most && !tooLarge; i++) {
      begin = either(part.applyAsInt(begin), next);
    }
    for (int i = 0; i < least && !tooLarge; i++) {
      begin = part.applyAsInt(begin);
    }
    return begin;
  }

  private int add(Step step) {
    if (steps.size() >= STEPS_MAX) {
      tooLarge = true;
      return 0;
    }
    steps.add(step);
    return steps.size() - 1;
  }
}
