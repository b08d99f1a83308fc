package dev.retour.quarantine;

import java.util.Locale;

/** Whether an address may be written to (spec B5). */
public enum AddressState {
  /** Nothing is held against it. Usually there is no row at all. */
  VALID,
  /** It had soft errors, fewer than lead to quarantine; still written to. */
  WITH_ERRORS,
  /** No longer written to, until a person or the clean-up releases it. */
  QUARANTINED,
  /** Its owner complained or it was barred by hand: never written to. */
  DENYLISTED,
  /** Always written to; its errors are ignored. */
  ALLOWLISTED;

  /** The word used in tables and answers: {@code with_errors} … */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What it means for those who write: errors that are only counted change nothing. */
  AddressState standing() {
    return this == WITH_ERRORS ? VALID : this;
  }

  /**
   * The state with this label.
   *
   * @throws IllegalArgumentException when no state has it
   */
  public static AddressState ofLabel(String label) {
    for (AddressState state : values()) {
      if (state.label().equals(label)) {
        return state;
      }
    }
    throw new IllegalArgumentException(
        "There is no address state \""
            + label
            + "\"; it is one of valid, with_errors, quarantined, denylisted, allowlisted.");
  }
}
