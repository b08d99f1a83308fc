package dev.retour.delivery;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a callback tells: written once, the same for each attempt.
 *
 * @param id the same however often it is told, so that the ERP can tell a repetition
 * @param at when it happened
 * @param about the work package it is about; null: an event without a mail, or an address none of
 *     our mails was matched to
 * @param mail what is known of that mail
 * @param recipient as given, or the address; empty: not known
 * @param state of the mail, or event, at that time; null when the fact is about an address
 * @param failure the last failure at that time, or why the address was changed; null: none
 * @param change how the address was changed; null: the fact is about a mail
 */
public record ToldFact(
    UUID id,
    Fact fact,
    Instant at,
    @Nullable String tenant,
    @Nullable Long about,
    Mail mail,
    String recipient,
    @Nullable String state,
    @Nullable Trouble failure,
    @Nullable Change change) {

  /**
   * What is known of the mail.
   *
   * @param eventType {@code EVT…}
   * @param document the ERP's reference
   * @param generation more than 1: it was sent again on purpose
   */
  public record Mail(
      @Nullable UUID eventId,
      @Nullable String eventType,
      @Nullable String document,
      @Nullable String role,
      @Nullable Integer generation,
      @Nullable Integer attempts) {}

  /** Why, as qualified; each part may be unknown. */
  public record Trouble(@Nullable String type, @Nullable Integer reason, @Nullable String text) {}

  /**
   * A change of an address's standing.
   *
   * @param cause kind of evidence or act, as in the address's history
   * @param by the person; null: nobody
   * @param before its state until then
   */
  public record Change(String cause, @Nullable String by, @Nullable String before) {}
}
