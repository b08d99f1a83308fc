package dev.retour.messages;

import org.jspecify.annotations.Nullable;

/** A file that travels with the mail, exactly as the ERP gave it. */
public final class Attachment {
  private final String fileName;
  private final String contentType;
  private final byte[] bytes;
  private byte @Nullable [] sha256;

  /**
   * Takes the bytes over without a copy; the caller does not change them afterwards.
   *
   * @param fileName as the recipient sees it; without folder
   * @param contentType media type without parameters, for instance {@code application/pdf}
   * @param bytes the content
   */
  public Attachment(String fileName, String contentType, byte[] bytes) {
    this.fileName = fileName;
    this.contentType = contentType;
    this.bytes = bytes;
  }

  public String fileName() {
    return fileName;
  }

  public String contentType() {
    return contentType;
  }

  /** The content itself, not a copy. */
  public byte[] bytes() {
    return bytes;
  }

  /** The hash of the bytes, computed when it is first asked for; not a copy. */
  public byte[] sha256() {
    byte[] hash = sha256;
    if (hash == null) {
      hash = Sha256.of(bytes);
      sha256 = hash;
    }
    return hash;
  }

  @Override
  public String toString() {
    return fileName + " (" + contentType + ", " + bytes.length + " bytes)";
  }
}
