package dev.retour.console;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/** A form as curl writes it. */
final class Form {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final String boundary;

  Form(String boundary) {
    this.boundary = boundary;
  }

  static Form of(String event) {
    return new Form("----7f3a").part("name=\"event\"", "application/json", event.getBytes(UTF_8));
  }

  Form part(String disposition, @Nullable String contentType, byte[] bytes) {
    out.writeBytes(("--" + boundary + "\r\n").getBytes(US_ASCII));
    out.writeBytes(("Content-Disposition: form-data; " + disposition + "\r\n").getBytes(UTF_8));
    if (contentType != null) {
      out.writeBytes(("Content-Type: " + contentType + "\r\n").getBytes(UTF_8));
    }
    out.writeBytes("\r\n".getBytes(US_ASCII));
    out.writeBytes(bytes);
    out.writeBytes("\r\n".getBytes(US_ASCII));
    return this;
  }

  Form file(String part, String fileName, byte[] bytes) {
    return part("name=\"" + part + "\"; filename=\"" + fileName + "\"", "application/pdf", bytes);
  }

  byte[] end() {
    out.writeBytes(("--" + boundary + "--\r\n").getBytes(US_ASCII));
    return out.toByteArray();
  }

  String type() {
    return "multipart/form-data; boundary=" + boundary;
  }
}
