package dev.retour.bounces;

import dev.retour.delivery.SentPackage;
import org.jspecify.annotations.Nullable;

/**
 * What was done because of one recipient of a bounce.
 *
 * @param sent the work package it is about; null: none of ours was found
 * @param sentence for the operator
 */
record Consequence(Assessment.Judged judged, @Nullable SentPackage sent, String sentence) {}
