package dev.retour.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retour.delivery.QueueJson;
import dev.retour.events.Proofs;
import dev.retour.mail.SigningException;
import dev.retour.messages.MessageOrder;
import dev.retour.messages.MessageSetException;
import dev.retour.messages.RenderException;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** {@code POST /api/v1/messages/{id}/proof}: sends test profiles as real mails. */
final class PostProof {
  static final Set<String> KNOWN = Set.of("by", "because", "version", "profiles", "to");

  private static final String CONSEQUENCE = "No proof was sent. Correct what fileFaults names.";

  private final Proofs proofs;

  PostProof(Proofs proofs) {
    this.proofs = proofs;
  }

  /**
   * Answers 202 with the work packages, or says why nothing is sent.
   *
   * @throws IllegalArgumentException with one sentence about a parameter
   */
  Answer answer(MessageOrder order, ApiParameters parameters) {
    Proofs.Wanted wanted =
        new Proofs.Wanted(
            order, parameters.version(), list(parameters, "profiles"), list(parameters, "to"));
    try {
      return sent(order.id(), proofs.send(wanted));
    } catch (MessageSetException e) {
      return PostMessage.refused(e.faults(), CONSEQUENCE);
    } catch (RenderException e) {
      return PostMessage.refused(List.of(e.fault()), CONSEQUENCE);
    } catch (SigningException e) {
      return Problem.of(
              "not-signed", 503, "The mail cannot be signed", String.valueOf(e.getMessage()))
          .toAnswer();
    }
  }

  private static Answer sent(String id, Proofs.Sent sent) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("message", id).put("proof", sent.number());
    ArrayNode mails = json.putArray("mails");
    sent.mails()
        .forEach(
            mail ->
                mails
                    .addObject()
                    .put("profile", mail.profile())
                    .put("recipient", mail.recipient())
                    .put("href", QueueJson.href(mail.packageId())));
    return EventAnswers.json(202, json);
  }

  private static List<String> list(ApiParameters parameters, String name) {
    return Stream.of(parameters.all().getOrDefault(name, "").split(",", -1))
        .map(String::strip)
        .filter(each -> !each.isEmpty())
        .toList();
  }
}
