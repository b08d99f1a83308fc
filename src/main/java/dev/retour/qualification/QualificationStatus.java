package dev.retour.qualification;

import java.util.Arrays;
import java.util.stream.Collectors;

/** How far a kind of failure text has been classified (spec B7). */
public enum QualificationStatus {
  /** Nobody has: the rules decide. */
  TO_QUALIFY("to-qualify"),
  /** A person has: type and reason of the row decide, whatever the rules say. */
  KEEP("keep"),
  /** A person wants such texts passed over: they are shown and never lead to quarantine. */
  IGNORE("ignore");

  private final String label;

  QualificationStatus(String label) {
    this.label = label;
  }

  /** As in the database, on the command line and in JSON. */
  public String label() {
    return label;
  }

  /**
   * The status of that label.
   *
   * @throws IllegalArgumentException naming what is allowed
   */
  public static QualificationStatus ofLabel(String label) {
    for (QualificationStatus status : values()) {
      if (status.label.equals(label)) {
        return status;
      }
    }
    throw new IllegalArgumentException(
        "\""
            + label
            + "\" is no status; there are "
            + Arrays.stream(values())
                .map(QualificationStatus::label)
                .collect(Collectors.joining(", "))
            + ".");
  }
}
