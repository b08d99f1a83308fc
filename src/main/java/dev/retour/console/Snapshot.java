package dev.retour.console;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the database knew at one instant, as the first page shows it. Texts are as the outside world
 * wrote them, cut to {@link Rows#TEXT_MAX} characters.
 */
record Snapshot(Instant at, Events events, Queue queue, Bounces bounces, Addresses addresses) {

  /** How many rows have this word; {@code more}: counting stopped at the limit. */
  record Count(String word, long number, boolean more) {}

  /**
   * The events.
   *
   * @param counts by status, of the newest {@code console.window} events
   * @param postponed events that cannot become a mail yet, with the fault in the way
   */
  record Events(List<Count> counts, List<EventRow> newest, List<EventRow> postponed) {}

  record EventRow(
      String id,
      String eventType,
      String email,
      Instant receivedAt,
      String status,
      @Nullable Integer reason,
      @Nullable String fault,
      @Nullable Instant dueAt) {}

  /**
   * The work packages.
   *
   * @param counts by state; settled ones (sent, expired, cancelled) are not counted
   * @param nextDue when the first of the queued ones is due
   * @param attention the newest that wait for a person
   */
  record Queue(List<Count> counts, @Nullable Instant nextDue, List<PackageRow> attention) {}

  record PackageRow(
      long id,
      String state,
      String recipient,
      String message,
      @Nullable String document,
      int attempts,
      @Nullable String failureType,
      @Nullable Integer reason,
      @Nullable String text,
      Instant changedAt) {}

  /**
   * The bounce mailbox.
   *
   * @param kinds by kind, of the newest {@code console.window} mails
   * @param folders by folder, of the same
   */
  record Bounces(List<Count> kinds, List<Count> folders, List<BounceRow> newest) {}

  /** One mail with what it says about its first recipient. */
  record BounceRow(
      long id,
      String mailbox,
      Instant receivedAt,
      String kind,
      String folder,
      @Nullable String subject,
      @Nullable String sender,
      String correlation,
      @Nullable String fault,
      long recipients,
      @Nullable Verdict verdict) {}

  record Verdict(
      @Nullable String address,
      String failureType,
      int reason,
      @Nullable String statusCode,
      @Nullable String diagnostic,
      String rule,
      String consequence) {}

  /** The addresses that are not simply valid. */
  record Addresses(List<Count> counts, List<AddressRow> newest) {}

  record AddressRow(
      String address,
      String state,
      int errors,
      @Nullable Integer reason,
      @Nullable String text,
      Instant changedAt) {}
}
