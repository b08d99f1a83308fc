package dev.retour.console;

import dev.retour.messages.MessageFolders;
import dev.retour.messages.MessageJson;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /api/v1/messages} and {@code /api/v1/messages/{id}}: where messages stand, and why.
 */
public final class GetMessages {
  private static final int HISTORY_MAX = 200;

  private final MessageFolders folders;

  GetMessages(MessageFolders folders) {
    this.folders = folders;
  }

  /** All of them, by id. */
  public Answer all() {
    return ApiAnswers.of(() -> EventAnswers.json(200, MessageJson.page(folders.list())));
  }

  /** One with its versions and its history. */
  public Answer one(@Nullable String id) {
    String text = String.valueOf(id);
    return ApiAnswers.of(
        () ->
            folders
                .find(text)
                .map(
                    view ->
                        EventAnswers.json(
                            200,
                            MessageJson.of(
                                view, folders.versions(text), folders.history(text, HISTORY_MAX))))
                .orElseGet(() -> unknown(text)));
  }

  static Answer unknown(String id) {
    return Problem.of(
            "unknown-message",
            404,
            "There is no such message",
            "No folder and no version has the id " + VisibleText.cut(VisibleText.of(id), 80) + ".")
        .toAnswer();
  }
}
