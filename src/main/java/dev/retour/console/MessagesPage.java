package dev.retour.console;

import dev.retour.config.FileFault;
import dev.retour.messages.MessageFolders;
import dev.retour.messages.MessagePreview;
import dev.retour.messages.MessagePreview.Wish;
import dev.retour.messages.MessageSetException;
import dev.retour.messages.MessageView;
import dev.retour.messages.MessagesModule;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * The pages about messages: where all of them stand; and of one its versions, its history, what its
 * folder would change, and the buttons that put it elsewhere.
 */
public final class MessagesPage {
  private static final String PATH = "/console/messages";
  private static final Set<String> KNOWN = Set.of("lang");
  private static final int HISTORY_MAX = 50;
  private static final int LINES_MAX = 400;
  private static final int FAULTS_MAX = 50;

  private final Jdbi jdbi;
  private final MessageFolders folders;
  private final MessagePreview preview;
  private final Pages pages;

  MessagesPage(Jdbi jdbi, MessagesModule messages, Pages pages) {
    this.jdbi = jdbi;
    this.folders = messages.folders();
    this.preview = messages.preview();
    this.pages = pages;
  }

  /** Answers {@code GET /console/messages}. */
  public Answer list(@Nullable String query, @Nullable String acceptLanguage) {
    return ApiAnswers.of(
        () -> {
          Language language = language(query, acceptLanguage);
          Map<String, Object> model = new HashMap<>();
          model.put("messages", folders.list());
          model.put("lang", language.tag());
          return pages.page(200, PATH, pages.content("messages.ftl", model, language), language);
        });
  }

  /** Answers {@code GET /console/messages/{id}}. */
  public Answer one(@Nullable String id, @Nullable String query, @Nullable String acceptLanguage) {
    return ApiAnswers.of(
        () -> {
          Language language = language(query, acceptLanguage);
          Optional<MessageView> found = folders.find(String.valueOf(id));
          if (found.isEmpty()) {
            return GetMessages.unknown(String.valueOf(id));
          }
          Map<String, Object> model = model(found.get());
          model.put("lang", language.tag());
          return pages.actionPage(
              PATH + "/" + found.get().id(),
              pages.content("message.ftl", model, language),
              language);
        });
  }

  private Map<String, Object> model(MessageView view) {
    String id = view.id();
    boolean news =
        view.folder() == MessageView.Folder.DIFFERS || view.folder() == MessageView.Folder.DRAFT;
    List<String> diff = view.folder() == MessageView.Folder.DIFFERS ? diff(id) : List.of();
    List<FileFault> faults = news ? folders.check(id) : List.of();
    Map<String, Object> model = new HashMap<>();
    model.put("message", view);
    model.put("versions", folders.versions(id));
    model.put("history", folders.history(id, HISTORY_MAX));
    model.put("diff", diff.stream().limit(LINES_MAX).toList());
    model.put("diffMore", Math.max(0, diff.size() - LINES_MAX));
    model.put("faults", faults.stream().limit(FAULTS_MAX).toList());
    model.put("profiles", profiles(view));
    model.put("waiting", jdbi.withHandle(handle -> ConsoleEventStore.waiting(handle, id)));
    return model;
  }

  private List<String> diff(String id) {
    try {
      return folders.diff(id, null, null);
    } catch (MessageSetException e) {
      return List.of(); // the folder cannot be read; its faults are shown
    }
  }

  private List<String> profiles(MessageView view) {
    try {
      boolean folder = view.folder() != MessageView.Folder.MISSING;
      return !folder && view.version() == null
          ? List.of()
          : preview.profiles(new Wish(view.id(), folder ? null : view.version(), ""));
    } catch (MessageSetException e) {
      return List.of(); // the folder cannot be read; its faults are shown
    }
  }

  private static Language language(@Nullable String query, @Nullable String acceptLanguage) {
    return Language.choose(ApiParameters.of(query, null, KNOWN).all().get("lang"), acceptLanguage);
  }
}
