package dev.retour.console;

import dev.retour.config.FileFault;
import dev.retour.messages.LifecycleAnswer;
import dev.retour.messages.MessageFolders;
import dev.retour.messages.MessageJson;
import dev.retour.messages.MessageLifecycle;
import dev.retour.messages.MessageOrder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /api/v1/messages/{id}/{action}}: publish, pause, resume, unpublish, rollback, delete
 * and proof.
 */
public final class PostMessage {
  private static final Map<String, Set<String>> KNOWN =
      Map.of(
          "publish", Set.of("by", "because"),
          "pause", Set.of("by", "because"),
          "resume", Set.of("by", "because", "unchanged"),
          "unpublish", Set.of("by", "because", "confirm"),
          "rollback", Set.of("by", "because", "version"),
          "delete", Set.of("by", "because", "confirm"),
          "proof", PostProof.KNOWN);
  private static final Set<String> CONFIRMED = Set.of("unpublish", "delete");
  private static final String PROOF = "proof";

  private final MessageLifecycle lifecycle;
  private final MessageFolders folders;
  private final PostProof proofs;

  PostMessage(MessageLifecycle lifecycle, MessageFolders folders, PostProof proofs) {
    this.lifecycle = lifecycle;
    this.folders = folders;
    this.proofs = proofs;
  }

  /** Does it, or answers 409 with the reason why not, and 422 with every fault of its files. */
  public Answer answer(
      @Nullable String id,
      @Nullable String action,
      byte @Nullable [] body,
      @Nullable String query,
      @Nullable String contentType) {
    return ApiAnswers.refusedContentType(contentType)
        .orElseGet(
            () ->
                ApiAnswers.of(
                    () ->
                        answer(
                            String.valueOf(id),
                            String.valueOf(action),
                            ApiParameters.of(
                                query,
                                body,
                                KNOWN.getOrDefault(String.valueOf(action), Set.of())))));
  }

  private Answer answer(String id, String action, ApiParameters parameters) {
    if (folders.find(id).isEmpty()) {
      return GetMessages.unknown(id);
    }
    if (CONFIRMED.contains(action) && parameters.number("confirm", 0, 1) != 1) {
      return Problem.of(
              "not-confirmed",
              409,
              "That must be confirmed",
              action.equals("delete")
                  ? "The message leaves the lists; its versions and events are kept. Add confirm=1."
                  : "New events are refused and those that wait are ended. Add confirm=1 to do it.")
          .toAnswer();
    }
    String who = parameters.all().getOrDefault("by", "");
    MessageOrder order =
        new MessageOrder(
            id,
            who.isBlank() ? "api" : "api: " + VisibleText.cut(VisibleText.of(who), 100),
            parameters.all().getOrDefault("because", ""));
    if (action.equals(PROOF)) {
      return proofs.answer(order, parameters);
    }
    return act(action, order, parameters)
        .map(answer -> answer(id, answer))
        .orElseGet(
            () ->
                Problem.of(
                        "unknown-action",
                        404,
                        "There is no such action",
                        "There are publish, pause, resume, unpublish, rollback, delete and proof.")
                    .toAnswer());
  }

  private Optional<LifecycleAnswer> act(
      String action, MessageOrder order, ApiParameters parameters) {
    return switch (action) {
      case "publish" -> Optional.of(lifecycle.publish(order));
      case "pause" -> Optional.of(lifecycle.pause(order));
      case "resume" ->
          Optional.of(
              lifecycle.resume(order, isTrue(parameters.all().getOrDefault("unchanged", "false"))));
      case "unpublish" -> Optional.of(lifecycle.unpublish(order));
      case "rollback" -> Optional.of(lifecycle.rollBack(order, parameters.version()));
      case "delete" -> Optional.of(lifecycle.delete(order));
      default -> Optional.empty();
    };
  }

  private static boolean isTrue(String text) {
    if (!text.equals("true") && !text.equals("false")) {
      throw new IllegalArgumentException("unchanged is true or false.");
    }
    return text.equals("true");
  }

  private Answer answer(String id, LifecycleAnswer answer) {
    if (answer instanceof LifecycleAnswer.Done done) {
      return folders
          .find(id)
          .map(MessageJson::of)
          .map(json -> EventAnswers.json(200, json.put("done", done.sentence())))
          .orElseGet(() -> GetMessages.unknown(id));
    }
    if (answer instanceof LifecycleAnswer.Refused refused) {
      return refused(refused.faults(), "Nothing was published. Correct what fileFaults names.");
    }
    return Problem.of(
            "not-possible",
            409,
            "Not possible as the message stands",
            ((LifecycleAnswer.NotPossible) answer).sentence())
        .at(MessageJson.href(id))
        .toAnswer();
  }

  /** What a message cannot be published, shown or sent for. */
  static Answer refused(List<FileFault> faults, String consequence) {
    return Problem.of("message-refused", 422, "The message has faults", consequence)
        .inFiles(faults)
        .toAnswer();
  }
}
