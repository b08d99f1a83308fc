package dev.retour.delivery;

import dev.retour.quarantine.AddressFailure;
import dev.retour.quarantine.AddressHistoryEntry;
import dev.retour.quarantine.Cause;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** Table {@code callback}, and the callbacks in {@code work_package}. */
final class CallbackStore {
  private static final int TEXT_CHARS_MAX = 2_000;

  /**
   * The package in the queue and what it tells, by one statement. The text of the outside says only
   * which rows of {@code told} there are.
   */
  private static final String TELL =
      """
      WITH told AS (%s),
      queued AS (
        INSERT INTO work_package (id, processor, priority, state, recipient, recipient_key, domain,
               message, document, on_uncertain, due_at, expires_at, created_at, changed_at)
        OVERRIDING SYSTEM VALUE
        SELECT callback_id, 'callback',
               CASE WHEN fact = 'sent' OR changed_by IS NOT NULL THEN 7 ELSE 5 END, 'ready', 'ERP', 'erp', 'callback', 'callback', document, 'resend', :now, :expires, :now, :now
          FROM told)
      INSERT INTO callback (package_id, fact_id, fact, at, topic, about, tenant, event_id, message,
             document, recipient, role, generation, attempts, state, failure_type, failure_reason,
             failure_text, cause, changed_by, state_before)
      SELECT callback_id, gen_random_uuid(), fact, :now, topic, about, :tenant, event_id, message,
             document, recipient, role, generation, attempts, state, failure_type, failure_reason,
             left(failure_text, %d), cause, changed_by, state_before
        FROM told""";

  private static final String OF_MAILS =
      """
      SELECT nextval('work_package_id_seq') AS callback_id, %s AS fact, p.id AS about, p.event_id,
             p.message, p.document, p.recipient, p.role, p.generation, p.attempts, p.state,
             p.failure_type, p.failure_reason, p.failure_text,
             coalesce(p.document, p.event_id::text, p.id::text) || ' ' || lower(p.recipient)
               AS topic,
             CAST(NULL AS text) AS cause, CAST(NULL AS text) AS changed_by,
             CAST(NULL AS text) AS state_before
        FROM work_package p
       WHERE p.id = ANY(:ids) AND p.processor = 'mail' AND %s
       ORDER BY p.id""";

  /** Facts about one address are told in their order, whichever mail led to each. */
  private static final String OF_ADDRESS =
      """
      SELECT nextval('work_package_id_seq') AS callback_id, CAST(:fact AS text) AS fact,
             p.id AS about, p.event_id, p.message, p.document,
             CASE WHEN p.recipient_key = :address THEN p.recipient ELSE :address END AS recipient,
             p.role, p.generation, p.attempts, CAST(NULL AS text) AS state,
             CAST(:type AS text) AS failure_type, CAST(:reason AS integer) AS failure_reason,
             CAST(:text AS text) AS failure_text, ' ' || CAST(:address AS text) AS topic,
             CAST(:cause AS text) AS cause, CAST(:who AS text) AS changed_by,
             CAST(:before AS text) AS state_before
        FROM (SELECT CAST(:about AS bigint) AS id) asked
        LEFT JOIN work_package p ON p.id = asked.id AND p.processor = 'mail'""";

  /** Each of them stands where its status says; without a recipient it is about nobody known. */
  private static final String OF_EVENTS =
      """
      SELECT nextval('work_package_id_seq') AS callback_id, 'ended' AS fact,
             CAST(NULL AS bigint) AS about, e.id AS event_id, e.event_type AS message,
             e.document_id AS document, coalesce(e.email, '') AS recipient,
             CAST(NULL AS text) AS role, CAST(NULL AS integer) AS generation,
             CAST(NULL AS integer) AS attempts, e.status AS state,
             CASE e.status WHEN 'ignored' THEN 'ignored' END AS failure_type,
             e.reason AS failure_reason, e.fault AS failure_text,
             coalesce(e.document_id, e.id::text) || ' ' || lower(coalesce(e.email, '')) AS topic,
             CAST(NULL AS text) AS cause, CAST(NULL AS text) AS changed_by,
             CAST(NULL AS text) AS state_before
        FROM event e WHERE e.id = ANY(:ids)
       ORDER BY e.received_at, e.id""";

  private static final String TELL_STATES =
      TELL.formatted(OF_MAILS.formatted("p.state", "p.state = ANY(:states)"), TEXT_CHARS_MAX);
  private static final String TELL_FACT =
      TELL.formatted(OF_MAILS.formatted("CAST(:fact AS text)", "true"), TEXT_CHARS_MAX);
  private static final String TELL_RECOVERED =
      TELL.formatted(
          OF_MAILS.formatted(
              "'recovered'", "EXISTS (SELECT 1 FROM callback c WHERE c.about = p.id)"),
          TEXT_CHARS_MAX);
  private static final String TELL_EVENTS = TELL.formatted(OF_EVENTS, TEXT_CHARS_MAX);
  private static final String TELL_ADDRESS = TELL.formatted(OF_ADDRESS, TEXT_CHARS_MAX);

  private static final String EXPIRE =
      """
      UPDATE work_package
         SET state = 'expired', due_at = NULL, changed_at = :now,
             failure_text = left('The ERP was not told within the validity of the fact.'
               || coalesce(' The last failure: ' || failure_text, ''), 2000)
       WHERE id IN (SELECT p.id
                      FROM work_package_open o JOIN work_package p ON p.id = o.package_id
                     WHERE o.lane = 'callback' AND o.due_at IS NOT NULL AND o.expires_at <= :now
                       AND p.state IN ('ready', 'waiting')
                     ORDER BY o.expires_at LIMIT :max FOR UPDATE OF p SKIP LOCKED)""";

  private static final String ACCEPTED =
      """
      WITH told AS (
        UPDATE work_package
           SET state = 'sent', lease_owner = NULL, lease_until = NULL, failure_type = NULL,
               failure_reason = NULL, failure_text = NULL, failure_rule = NULL, changed_at = :now
         WHERE id = :id AND attempt_id = :attempt AND state = 'sending'
        RETURNING id, attempt_id),
      closed AS (
        DELETE FROM work_package_open o USING told WHERE o.package_id = told.id)
      UPDATE attempt SET phase = 'accepted', body_sent_at = :now, ended_at = :now, reply = :reply
        FROM told WHERE attempt.id = told.attempt_id""";

  private static final String OPEN =
      """
      SELECT count(*) FROM (SELECT 1 FROM work_package_open
                             WHERE lane = 'callback' AND due_at IS NOT NULL
                             ORDER BY expires_at LIMIT :max) waiting""";

  private static final String AGAIN =
      """
      INSERT INTO callback (package_id, fact_id, fact, at, topic, about, tenant, event_id, message,
             document, recipient, role, generation, attempts, state, failure_type, failure_reason,
             failure_text, cause, changed_by, state_before)
      SELECT :fresh, fact_id, fact, at, topic, about, tenant, event_id, message,
             document, recipient, role, generation, attempts, state, failure_type, failure_reason,
             failure_text, cause, changed_by, state_before
        FROM callback WHERE package_id = :former""";

  private final LeaseStore leases = new LeaseStore();

  /** When it happens, and how long it is tried to tell it. */
  record Stamp(@Nullable String tenant, Instant now, Instant expires) {}

  void tellStates(Handle handle, Collection<Long> ids, List<String> states, Stamp stamp) {
    stamped(handle.createUpdate(TELL_STATES), stamp)
        .bindArray("ids", Long.class, ids)
        .bindArray("states", String.class, states)
        .execute();
  }

  void tell(Handle handle, Collection<Long> ids, Fact fact, Stamp stamp) {
    stamped(handle.createUpdate(TELL_FACT), stamp)
        .bindArray("ids", Long.class, ids)
        .bind("fact", fact.label())
        .execute();
  }

  /** Only those the ERP was told of before. */
  void tellRecovered(Handle handle, Collection<Long> ids, Stamp stamp) {
    stamped(handle.createUpdate(TELL_RECOVERED), stamp).bindArray("ids", Long.class, ids).execute();
  }

  void tellEvents(Handle handle, Collection<UUID> ids, Stamp stamp) {
    stamped(handle.createUpdate(TELL_EVENTS), stamp).bindArray("ids", UUID.class, ids).execute();
  }

  /** About an address; {@code failure} null: a person or the clean-up did it. */
  void tellAddress(
      Handle handle,
      Fact fact,
      AddressHistoryEntry change,
      @Nullable AddressFailure failure,
      Stamp stamp) {
    boolean byHand = Cause.OPERATOR.label().equals(change.cause());
    stamped(handle.createUpdate(TELL_ADDRESS), stamp)
        .bind("fact", fact.label())
        .bind("about", failure == null ? null : failure.about())
        .bind("address", change.address())
        .bind("type", failure == null ? null : failure.type().label())
        .bind("reason", change.reason())
        .bind("text", failure == null ? change.failureText() : failure.text().replace('\0', ' '))
        .bind("cause", change.cause())
        .bind("who", byHand ? change.reference() : null)
        .bind("before", change.before() == null ? null : change.before().label())
        .execute();
  }

  private static <S extends SqlStatement<S>> S stamped(S statement, Stamp stamp) {
    return statement
        .bind("tenant", stamp.tenant())
        .bind("now", stamp.now())
        .bind("expires", stamp.expires());
  }

  /** Takes the lease of at most {@code max} callbacks that are due. */
  List<Callback> claim(Handle handle, int max, Lease lease, Instant now) {
    List<ClaimedPackage> claimed = leases.claimCallbacks(handle, max, lease, now);
    if (claimed.isEmpty()) {
      return List.of();
    }
    Map<Long, ToldFact> facts =
        handle
            .createQuery("SELECT * FROM callback WHERE package_id = ANY(:ids)")
            .bindArray("ids", Long.class, claimed.stream().map(ClaimedPackage::id).toList())
            .map((row, context) -> Map.entry(row.getLong("package_id"), fact(row)))
            .stream()
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    return claimed.stream()
        .map(each -> new Callback(each, each.id(), Objects.requireNonNull(facts.get(each.id()))))
        .toList();
  }

  int expire(Handle handle, int max, Instant now) {
    return handle.createUpdate(EXPIRE).bind("now", now).bind("max", max).execute();
  }

  /** False when another sidecar has taken it over meanwhile. */
  boolean accepted(Handle handle, ClaimedPackage claimed, String reply, Instant now) {
    return handle
            .createUpdate(ACCEPTED)
            .bind("id", claimed.id())
            .bind("attempt", claimed.attemptId())
            .bind("reply", reply)
            .bind("now", now)
            .execute()
        == 1;
  }

  /** How many are still to be told; {@code max} when it is that many or more. */
  int open(Handle handle, int max) {
    return handle.createQuery(OPEN).bind("max", max).mapTo(Integer.class).one();
  }

  /** The same fact for a package of the next generation. */
  void again(Handle handle, long former, long fresh) {
    int rows = handle.createUpdate(AGAIN).bind("former", former).bind("fresh", fresh).execute();
    if (rows != 1) {
      throw new IllegalStateException("Work package " + former + " is no callback.");
    }
  }

  private static ToldFact fact(ResultSet row) throws SQLException {
    String type = row.getString("failure_type");
    Integer reason = row.getObject("failure_reason", Integer.class);
    String text = row.getString("failure_text");
    String cause = row.getString("cause");
    return new ToldFact(
        row.getObject("fact_id", UUID.class),
        Fact.of(row.getString("fact"))
            .orElseThrow(() -> new IllegalStateException("A stored fact is none of ours.")),
        row.getTimestamp("at").toInstant(),
        row.getString("tenant"),
        row.getObject("about", Long.class),
        new ToldFact.Mail(
            row.getObject("event_id", UUID.class),
            row.getString("message"),
            row.getString("document"),
            row.getString("role"),
            row.getObject("generation", Integer.class),
            row.getObject("attempts", Integer.class)),
        row.getString("recipient"),
        row.getString("state"),
        type == null && reason == null && text == null
            ? null
            : new ToldFact.Trouble(type, reason, text),
        cause == null
            ? null
            : new ToldFact.Change(
                cause, row.getString("changed_by"), row.getString("state_before")));
  }
}
