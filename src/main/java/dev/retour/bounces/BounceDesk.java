package dev.retour.bounces;

import dev.retour.bounces.Assessment.Judged;
import dev.retour.bounces.Correlation.Match;
import dev.retour.bounces.Correlation.Reached;
import dev.retour.mail.MailKind;
import dev.retour.qualification.QualificationTable;
import dev.retour.qualification.Verdict;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes in one mail of a mailbox: reads it, qualifies it, finds what it is about, and stores it
 * with its consequences in one transaction. The same mail twice is one bounce: after a crash
 * between storing and moving it is only moved.
 */
public final class BounceDesk {
  private static final Logger log = LoggerFactory.getLogger(BounceDesk.class);
  private static final int ANALYZE_FROM = 250;

  private final Jdbi jdbi;
  private final InstantSource clock;
  private final BounceAssessor assessor;
  private final Correlation correlation;
  private final Consequences consequences;
  private final QualificationTable table;
  private final BounceStore store = new BounceStore();
  private final AtomicLong received = new AtomicLong();

  BounceDesk(BounceAssessor assessor, BouncesModule.Needs needs, BouncesConfig.Trust trust) {
    this.jdbi = needs.jdbi();
    this.clock = needs.clock();
    this.assessor = assessor;
    this.correlation = new Correlation(needs.queue(), needs.returnPath(), trust);
    this.consequences = new Consequences(needs.queue(), needs.addresses());
    this.table = new QualificationTable(needs.clock());
  }

  /**
   * What became of a mail.
   *
   * @param folder where it belongs
   * @param isNew false when it was stored before
   */
  public record Receipt(Folder folder, boolean isNew) {
    /** The folder's name, for the mailbox. */
    public String folderName() {
      return folder.label();
    }
  }

  /**
   * Stores a mail and applies what it means; durable when it returns.
   *
   * @param mailbox the name of the mailbox it was found in
   */
  public Receipt receive(String mailbox, RawMail mail) {
    return receive(mailbox, mail, handle -> {});
  }

  /**
   * The same for one of many: durable only after {@link #flush}, which waits for the disk once for
   * all of them. Who acknowledges a mail calls that before.
   */
  public Receipt receiveOneOfMany(String mailbox, RawMail mail) {
    return receive(mailbox, mail, store::commitWithoutWaiting);
  }

  /** Returns once everything received so far is durable. */
  void flush() {
    jdbi.useTransaction(store::flush);
  }

  private Receipt receive(String mailbox, RawMail mail, Consumer<Handle> begin) {
    Assessment assessment = assessor.assess(mail.raw());
    Instant now = clock.instant();
    List<Match> matches = correlation.match(assessment, now);
    List<Matched> matched = new ArrayList<>();
    for (int i = 0; i < matches.size(); i++) {
      matched.add(new Matched(assessment.judged().get(i), matches.get(i)));
    }
    Found found = new Found(matched, correlation.reached(assessment.report(), now));
    Stored stored =
        jdbi.inTransaction(
            handle -> {
              begin.accept(handle);
              return store(handle, mailbox, mail, assessment, found);
            });
    if (stored.isNew()) {
      grown(received.incrementAndGet());
    }
    log.atDebug() // the monitor tells how many; each one is in the database with its reasons
        .addKeyValue("mailbox", mailbox)
        .log(
            "{}: {} -> {}{}",
            assessment.report().kind().label(),
            rules(stored.assessment()),
            stored.assessment().folder().label(),
            stored.isNew() ? "" : " (known already)");
    return new Receipt(stored.assessment().folder(), stored.isNew());
  }

  /** At 250 mails since the start, 500, 1,000, 2,000 and so on. */
  private void grown(long mails) {
    if (mails >= ANALYZE_FROM
        && Long.bitCount(mails / ANALYZE_FROM) == 1
        && mails % ANALYZE_FROM == 0) {
      jdbi.useHandle(store::analyze);
    }
  }

  private record Stored(Assessment assessment, boolean isNew) {}

  private record Matched(Judged judged, Match match) {
    String sortKey() {
      return match.sent() == null ? "" : match.sent().recipientKey();
    }

    String said() {
      return judged.diagnostic().text();
    }
  }

  /** What of ours a mail is about: those that failed or are late, and those that were reached. */
  private record Found(List<Matched> matched, List<Reached> reached) {}

  private Stored store(
      Handle handle, String mailbox, RawMail mail, Assessment byRules, Found found) {
    MailKind kind = byRules.report().kind();
    List<Matched> matched = found.matched();
    List<Matched> decided = new ArrayList<>();
    for (Matched each : matched) {
      decided.add(new Matched(byTable(table, handle, kind, each.judged()), each.match()));
    }
    Assessment assessment = assessor.filed(byRules.report(), judged(decided));
    Optional<Long> id =
        store.insert(
            handle, row(mailbox, mail, assessment, by(decided, found.reached())), clock.instant());
    id.ifPresent(
        bounce -> {
          count(handle, kind, matched);
          // One order of addresses for everybody, or two bounces could wait for each other.
          decided.sort(Comparator.comparing(Matched::sortKey));
          for (Matched each : decided) {
            store.insertRecipient(
                handle, bounce, consequences.of(handle, kind, bounce, each.judged(), each.match()));
          }
          found.reached().stream()
              .sorted(Comparator.comparing(each -> each.sent().recipientKey()))
              .forEach(each -> consequences.confirmed(handle, bounce, each));
        });
    return new Stored(assessment, id.isPresent());
  }

  /** What persons have classified in the qualification table goes before what the rules say. */
  static Judged byTable(QualificationTable table, Handle handle, MailKind kind, Judged judged) {
    if (kind != MailKind.BOUNCE && kind != MailKind.DELAYED) {
      return judged;
    }
    Verdict verdict = table.look(handle, judged.diagnostic().text(), judged.verdict());
    return new Judged(
        judged.recipient(),
        judged.diagnostic(),
        kind == MailKind.DELAYED ? BounceAssessor.delayed(verdict) : verdict);
  }

  /** Only what is proved to be about a mail of ours: strangers shall not fill the table. */
  private void count(Handle handle, MailKind kind, List<Matched> matched) {
    if (kind == MailKind.BOUNCE || kind == MailKind.DELAYED) {
      matched.stream()
          .filter(each -> each.match().sent() != null)
          .sorted(Comparator.comparing(each -> QualificationTable.key(each.said())))
          .forEach(each -> table.decide(handle, each.said(), each.judged().verdict()));
    }
  }

  private static List<Judged> judged(List<Matched> matched) {
    return matched.stream().map(Matched::judged).toList();
  }

  private static BounceStore.Row row(
      String mailbox, RawMail mail, Assessment assessment, String by) {
    var report = assessment.report();
    return new BounceStore.Row(
        mailbox,
        mail,
        report.kind().label(),
        assessment.folder(),
        report.subject(),
        report.from() == null ? null : report.from().text(),
        by,
        report.fault());
  }

  private static String by(List<Matched> matched, List<Reached> reached) {
    return Stream.concat(
            matched.stream().map(each -> each.match().by()), reached.stream().map(Reached::by))
        .filter(name -> !name.equals("unmatched"))
        .findFirst()
        .orElse("unmatched");
  }

  private static String rules(Assessment assessment) {
    return assessment.judged().stream()
        .map(each -> each.verdict().ruleId())
        .distinct()
        .limit(3)
        .reduce((a, b) -> a + ", " + b)
        .orElse("-");
  }
}
