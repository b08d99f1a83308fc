package dev.retour.mail;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Notifications that a sending service mails as JSON: Amazon SES, directly or inside an SNS
 * envelope.
 *
 * @param kind what it tells
 * @param recipients the addresses it names
 * @param messageId Message-ID of the mail it is about, or null
 * @param feedbackType for a complaint, else empty
 */
record ProviderNotification(
    MailKind kind,
    List<RecipientReport> recipients,
    @Nullable String messageId,
    String feedbackType) {

  private static final JsonMapper JSON =
      JsonMapper.builder(
              com.fasterxml.jackson.core.JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(30).build())
                  .build())
          .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS) // mail software wraps the lines
          .build();

  /** Reads the text of a mail, or gives null when it is no such notification. */
  static @Nullable ProviderNotification read(String text, int recipientsMax) {
    int start = text.indexOf('{');
    if (start < 0 || !text.substring(0, start).isBlank()) {
      return null;
    }
    try {
      JsonNode event = JSON.readTree(text.substring(start));
      if (event.path("Message").isTextual()) {
        event = JSON.readTree(event.path("Message").asText());
      }
      return of(event, recipientsMax);
    } catch (JsonProcessingException e) {
      return null; // not JSON after all: the mail is read as text
    }
  }

  private static @Nullable ProviderNotification of(JsonNode event, int max) {
    String type = event.path("notificationType").asText(event.path("eventType").asText(""));
    JsonNode mail = event.path("mail");
    return switch (type) {
      case "Bounce" -> bounce(event.path("bounce"), mail, max);
      case "DeliveryDelay" -> delay(event.path("deliveryDelay"), mail, max);
      case "Complaint" -> complaint(event.path("complaint"), mail, max);
      case "Delivery" -> new ProviderNotification(MailKind.OTHER, List.of(), id(mail), "");
      default -> null;
    };
  }

  private static ProviderNotification bounce(JsonNode bounce, JsonNode mail, int max) {
    String kind =
        bounce.path("bounceType").asText("") + " " + bounce.path("bounceSubType").asText("");
    String mta = StatusReading.host(text(bounce, "reportingMTA"));
    List<RecipientReport> all =
        recipients(bounce.path("bouncedRecipients"), "failed", kind, mta, max);
    return new ProviderNotification(MailKind.BOUNCE, all, id(mail), "");
  }

  private static ProviderNotification delay(JsonNode delay, JsonNode mail, int max) {
    String kind = delay.path("delayType").asText("");
    String mta = StatusReading.host(text(delay, "reportingMTA"));
    List<RecipientReport> all =
        recipients(delay.path("delayedRecipients"), "delayed", kind, mta, max);
    return new ProviderNotification(MailKind.DELAYED, all, id(mail), "");
  }

  private static ProviderNotification complaint(JsonNode complaint, JsonNode mail, int max) {
    JsonNode named = complaint.path("complainedRecipients");
    String type =
        DiagnosticText.oneLine(complaint.path("complaintFeedbackType").asText("abuse"))
            .toLowerCase(Locale.ROOT);
    List<RecipientReport> all = recipients(named, "complained", "", null, max);
    return new ProviderNotification(MailKind.COMPLAINT, all, id(mail), type);
  }

  private static List<RecipientReport> recipients(
      JsonNode nodes, String action, String kind, @Nullable String mta, int max) {
    List<RecipientReport> all = new ArrayList<>();
    for (JsonNode node : nodes) {
      EmailAddress address = EmailAddress.parse(node.path("emailAddress").asText("")).orElse(null);
      if (address == null || all.size() >= max) {
        continue;
      }
      String said = DiagnosticText.of(text(node, "diagnosticCode"));
      String diagnostic = said.isEmpty() ? DiagnosticText.oneLine(kind) : said;
      all.add(
          new RecipientReport(
              address,
              null,
              action,
              status(node),
              SmtpCodes.reply(diagnostic),
              diagnostic,
              StatusReading.host(text(node, "remoteMTA")),
              mta,
              "provider-notification"));
    }
    return all;
  }

  private static @Nullable String id(JsonNode mail) {
    String id = mail.path("commonHeaders").path("messageId").asText("");
    String bare = DiagnosticText.oneLine(id.replace("<", "").replace(">", ""));
    return bare.isEmpty() || bare.length() > 998 ? null : bare;
  }

  private static @Nullable String status(JsonNode node) {
    return StatusReading.status(text(node, "status"));
  }

  private static @Nullable String text(JsonNode node, String name) {
    JsonNode value = node.path(name);
    return value instanceof MissingNode || value.asText("").isBlank() ? null : value.asText();
  }
}
