package dev.retour.domains;

/**
 * A domain nothing, or only little, is sent to now.
 *
 * @param most how many mails may go at the moment; 0: none
 * @param begins false while nothing is sent at all; true when probes go
 * @param why for the operator
 */
public record Suspended(int most, boolean begins, String why) {}
