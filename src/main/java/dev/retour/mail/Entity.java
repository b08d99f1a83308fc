package dev.retour.mail;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One mail or MIME part: its header, what was kept of its body, and the parts inside. */
final class Entity {
  private static final int UNSOUGHT = -2;

  final @Nullable Entity parent;
  final Fields fields = new Fields();
  final List<Entity> children = new ArrayList<>(2);
  String type = "text/plain";
  @Nullable String charset;
  String body = "";
  private int statusFieldsAt = UNSOUGHT;
  private @Nullable List<Entity> own;

  Entity(@Nullable Entity parent) {
    this.parent = parent;
    if (parent != null) {
      parent.children.add(this);
    }
  }

  /** Where in the body the fields of a delivery status begin (RFC 3464), or negative. */
  int statusFieldsAt() {
    if (statusFieldsAt == UNSOUGHT) {
      statusFieldsAt = body.isEmpty() ? -1 : DeliveryStatus.find(body);
    }
    return statusFieldsAt;
  }

  /** Whether the body can hold words or fields. */
  boolean isText() {
    return type.startsWith("text/")
        || type.startsWith("message/")
        || type.startsWith("multipart/") // a multipart without a usable boundary
        || type.equals("application/json")
        || type.indexOf('/') < 0;
  }

  boolean isMessage() {
    return type.equals("message/rfc822")
        || type.equals("message/global")
        || type.equals("message/news");
  }

  boolean isHeadersOnly() {
    return type.equals("text/rfc822-headers")
        || type.equals("text/rfc822-header")
        || type.equals("message/global-headers")
        || type.equals("message/rfc822-headers")
        || type.equals("message/partial");
  }

  /** Whether this is a returned or forwarded mail, not the words of the sender. */
  boolean isReturned() {
    return isMessage() || isHeadersOnly();
  }

  boolean isDeliveryStatus() {
    return type.equals("message/delivery-status") || type.equals("message/global-delivery-status");
  }

  boolean isFeedbackReport() {
    return type.equals("message/feedback-report");
  }

  boolean isDisposition() {
    return type.equals("message/disposition-notification")
        || type.equals("message/global-disposition-notification");
  }

  /**
   * All parts below that do not belong to a returned mail, this one included, in their order. Asked
   * again and again, but never before the whole mail has been taken apart.
   */
  List<Entity> own() {
    if (own == null) {
      List<Entity> all = new ArrayList<>();
      collect(all);
      own = all;
    }
    return own;
  }

  private void collect(List<Entity> into) {
    into.add(this);
    if (!isReturned() || parent == null) {
      for (Entity child : children) {
        child.collect(into);
      }
    }
  }

  /** The first own part that is a returned mail or its header, or null. */
  @Nullable Entity returned() {
    if (isMessage() && !children.isEmpty()) {
      return this; // a mail that is nothing but another one
    }
    for (Entity part : own()) {
      if (part != this && part.isReturned()) {
        return part;
      }
    }
    return null;
  }
}
