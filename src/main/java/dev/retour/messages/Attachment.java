package dev.retour.messages;

/** A file that travels with the mail, exactly as the ERP gave it. */
public final class Attachment {
  private final String fileName;
  private final String contentType;
  private final byte[] bytes;

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

  @Override
  public String toString() {
    return fileName + " (" + contentType + ", " + bytes.length + " bytes)";
  }
}
