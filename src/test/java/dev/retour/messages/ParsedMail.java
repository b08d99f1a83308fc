package dev.retour.messages;

import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** A mail as another program reads it. */
final class ParsedMail {
  static {
    System.setProperty(
        "jakarta.mail.util.StreamProvider", "org.eclipse.angus.mail.util.MailStreamProvider");
    System.setProperty(
        "jakarta.activation.spi.MailcapRegistryProvider",
        "org.eclipse.angus.activation.MailcapRegistryProviderImpl");
    System.setProperty(
        "jakarta.activation.spi.MimeTypeRegistryProvider",
        "org.eclipse.angus.activation.MimeTypeRegistryProviderImpl");
  }

  private final MimeMessage message;
  private final List<Part> leaves = new ArrayList<>();

  ParsedMail(RenderedMail mail) throws MessagingException, IOException {
    message =
        new MimeMessage(
            Session.getInstance(new Properties()), new ByteArrayInputStream(mail.raw()));
    collect(message);
  }

  private void collect(Part part) throws MessagingException, IOException {
    if (part.getContent() instanceof Multipart parts) {
      for (int i = 0; i < parts.getCount(); i++) {
        collect(parts.getBodyPart(i));
      }
    } else {
      leaves.add(part);
    }
  }

  MimeMessage message() {
    return message;
  }

  List<String> types() throws MessagingException {
    List<String> types = new ArrayList<>();
    for (Part leaf : leaves) {
      types.add(leaf.getContentType().split(";", -1)[0]);
    }
    return types;
  }

  /** The text of a part, without the CRs. */
  String text(String type) throws MessagingException, IOException {
    return ((String) part(type).getContent()).replace("\r", "");
  }

  byte[] bytes(String type) throws MessagingException, IOException {
    return part(type).getInputStream().readAllBytes();
  }

  @Nullable String fileName(String type) throws MessagingException {
    return part(type).getFileName();
  }

  private Part part(String type) throws MessagingException {
    for (Part leaf : leaves) {
      if (leaf.isMimeType(type)) {
        return leaf;
      }
    }
    throw new AssertionError("no part " + type);
  }
}
