package dev.retour.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GroupCommitTest {
  private static final int SENDERS = 20;

  private final ExecutorService senders = Executors.newFixedThreadPool(SENDERS);
  private final List<List<Integer>> groups = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    senders.shutdownNow();
  }

  @Test
  void one_alone_is_committed_at_once() {
    GroupCommit<Integer, Integer> group = new GroupCommit<>(100, this::doubled);
    assertThat(group.commit(7)).isEqualTo(14);
    assertThat(groups).containsExactly(List.of(7));
  }

  @Test
  void who_comes_while_one_commits_goes_together_in_bounded_groups() throws Exception {
    CountDownLatch first = new CountDownLatch(1);
    CountDownLatch all = new CountDownLatch(1);
    GroupCommit<Integer, Integer> group =
        new GroupCommit<>(
            8,
            items -> {
              if (groups.isEmpty()) {
                first.countDown();
                await(all);
              }
              return doubled(items);
            });
    List<Future<Integer>> answers = new ArrayList<>();
    answers.add(senders.submit(() -> group.commit(0)));
    await(first);
    CountDownLatch asked = new CountDownLatch(SENDERS - 1);
    for (int i = 1; i < SENDERS; i++) {
      int item = i;
      answers.add(
          senders.submit(
              () -> {
                asked.countDown();
                return group.commit(item);
              }));
    }
    await(asked);
    all.countDown();
    for (int i = 0; i < SENDERS; i++) {
      assertThat(answers.get(i).get(10, TimeUnit.SECONDS)).isEqualTo(2 * i);
    }
    assertThat(groups).allSatisfy(each -> assertThat(each).hasSizeLessThanOrEqualTo(8));
    assertThat(groups.stream().mapToInt(List::size).sum()).isEqualTo(SENDERS);
  }

  @Test
  void nobody_fails_for_anothers_sake() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    GroupCommit<Integer, Integer> group =
        new GroupCommit<>(
            100,
            items -> {
              await(go);
              if (items.contains(3)) {
                throw new IllegalStateException("3 is bad");
              }
              return doubled(items);
            });
    List<Future<Integer>> answers = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      int item = i;
      answers.add(senders.submit(() -> group.commit(item)));
    }
    go.countDown();
    for (int i = 0; i < 6; i++) {
      Future<Integer> answer = answers.get(i);
      if (i == 3) {
        assertThatThrownBy(() -> answer.get(10, TimeUnit.SECONDS))
            .hasCauseInstanceOf(IllegalStateException.class);
      } else {
        assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo(2 * i);
      }
    }
  }

  private List<Integer> doubled(List<Integer> items) {
    groups.add(items);
    return items.stream().map(i -> 2 * i).toList();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
