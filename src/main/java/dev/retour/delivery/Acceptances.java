package dev.retour.delivery;

import dev.retour.quarantine.AddressBook;
import dev.retour.store.GroupCommit;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;

/** Stores for many mails at once that the server took them, and what that means. */
final class Acceptances {
  private static final int GROUP_MAX = 200;

  private final Jdbi byIndex;
  private final InstantSource clock;
  private final Queue queue;
  private final AddressBook addresses;
  private final GroupCommit<Accepted, Boolean> oneByOne =
      new GroupCommit<>(GROUP_MAX, this::together);
  private final WorkPackageStore packages = new WorkPackageStore();

  private record Accepted(ClaimedPackage claimed, String reply) {}

  Acceptances(Jdbi byIndex, InstantSource clock, Queue queue, AddressBook addresses) {
    this.byIndex = byIndex;
    this.clock = clock;
    this.queue = queue;
    this.addresses = addresses;
  }

  /** Returns when it is durable, stored with what others store at the same moment. */
  void store(ClaimedPackage claimed, String reply) {
    oneByOne.commit(new Accepted(claimed, reply));
  }

  /**
   * Stores all of them in one transaction.
   *
   * @throws RuntimeException when that cannot be; nothing is stored then
   */
  void store(List<Outgoing> taken) {
    if (!taken.isEmpty()) {
      together(
          taken.stream().map(each -> new Accepted(each.workPackage(), each.answer())).toList());
    }
  }

  private List<Boolean> together(List<Accepted> group) {
    Instant now = clock.instant();
    List<ClaimedPackage> claimed = group.stream().map(Accepted::claimed).toList();
    Set<Long> sent =
        byIndex.inTransaction(
            handle -> {
              Set<Long> ours =
                  packages.accepted(
                      handle, claimed, group.stream().map(Accepted::reply).toList(), now);
              Map<String, String> reached = new HashMap<>();
              claimed.stream()
                  .filter(each -> ours.contains(each.id()))
                  .forEach(each -> reached.put(each.recipientKey(), each.reference()));
              addresses.delivered(handle, reached);
              queue.facts().sent(handle, ours, now);
              return ours;
            });
    return claimed.stream().map(each -> sent.contains(each.id())).toList();
  }
}
