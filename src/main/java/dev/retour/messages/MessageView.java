package dev.retour.messages;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A message as people see it.
 *
 * @param state draft, published, paused or deleted
 * @param version in force; null when none is
 * @param newest the highest number ever given; 0: never published
 * @param because why it stands there; may be empty
 * @param folder what its folder holds, compared with the version in force
 */
public record MessageView(
    String id,
    String state,
    @Nullable Integer version,
    int newest,
    String because,
    @Nullable String changedBy,
    @Nullable Instant changedAt,
    Folder folder) {
  boolean hasFolder() {
    return folder != Folder.MISSING;
  }

  /** What the folder holds. */
  public enum Folder {
    /** Nothing. */
    MISSING,
    /** The files of the version in force. */
    SAME,
    /** Other files than the version in force. */
    DIFFERS,
    /** Files, and no version is in force. */
    DRAFT
  }
}
