package dev.retour.console;

import dev.retour.console.Snapshot.Count;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Decides what is red and what is amber; everything else on the page is for looking around. */
final class Alarms {
  private final Duration overdueAfter;

  Alarms(Duration overdueAfter) {
    this.overdueAfter = overdueAfter;
  }

  /** The alarms, the gravest first. */
  List<Alarm> of(Reading reading, SystemState system) {
    List<Alarm> alarms = new ArrayList<>();
    if (reading instanceof Reading.Refused refused) {
      alarms.add(Alarm.red("database", refused.reason()));
    }
    for (ComponentState component : system.components()) {
      if (component.status() == ComponentState.Status.DOWN) {
        alarms.add(
            Alarm.red("component", component.name(), component.sentence(), component.todo()));
      }
    }
    for (ReloadFault fault : system.reloadFaults()) {
      alarms.add(
          Alarm.red(
              "reload", fault.file(), Integer.toString(fault.line()), fault.text(), fault.since()));
    }
    if (reading instanceof Reading.Taken taken) {
      Snapshot snapshot = taken.snapshot();
      overdue(snapshot, alarms);
      attention(snapshot, alarms);
    }
    return List.copyOf(alarms);
  }

  private void overdue(Snapshot snapshot, List<Alarm> alarms) {
    Instant due = snapshot.queue().nextDue();
    if (due != null && due.isBefore(snapshot.at().minus(overdueAfter))) {
      alarms.add(Alarm.red("overdue", due));
    }
  }

  private static void attention(Snapshot snapshot, List<Alarm> alarms) {
    List<Count> queue = snapshot.queue().counts();
    add("uncertain", number(queue, "uncertain"), alarms);
    add("error", number(queue, "error"), alarms);
    add("postponed", snapshot.events().postponed().size(), alarms);
    List<Count> events = snapshot.events().counts();
    add("routing", number(events, "routingFailed") + number(events, "targetingFailed"), alarms);
    add("unqualified", number(snapshot.bounces().folders(), "Unqualified"), alarms);
  }

  private static void add(String key, long number, List<Alarm> alarms) {
    if (number > 0) {
      alarms.add(Alarm.amber(key, number));
    }
  }

  private static long number(List<Count> counts, String word) {
    return counts.stream()
        .filter(count -> count.word().equals(word))
        .mapToLong(Count::number)
        .sum();
  }
}
