package dev.retour.events;

import com.fasterxml.jackson.databind.JsonNode;
import dev.retour.messages.EventType;
import dev.retour.messages.FileReference;
import dev.retour.messages.PayloadFault;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Fetches the files that an event names, as the last step of reading it. */
final class Fetching {
  private final References references;
  private final Earlier earlier;

  /** What was answered before. */
  interface Earlier {
    Optional<IntakeAnswer> answer(String eventType, String key, byte[] requestHash);
  }

  Fetching(References references, Earlier earlier) {
    this.references = references;
    this.earlier = earlier;
  }

  /** What came of it. */
  sealed interface Fetched {
    /** All of them, by the pointers of their references. */
    record Files(Map<String, byte[]> byPointer) implements Fetched {}

    /** What is answered instead. */
    record Instead(IntakeAnswer answer) implements Fetched {}
  }

  /**
   * Fetches all of them, or stops at the first that cannot be had: more would be read in vain. Who
   * repeats a request gets the answer of the first time, even if the files are gone since.
   *
   * @param json found right
   */
  Fetched of(EventType type, JsonNode json, @Nullable String key, byte[] requestHash) {
    List<FileReference> named = type.references(json);
    if (named.isEmpty()) {
      return new Fetched.Files(Map.of());
    }
    Optional<IntakeAnswer> before =
        key == null ? Optional.empty() : earlier.answer(type.id(), key, requestHash);
    if (before.isPresent()) {
      return new Fetched.Instead(before.get());
    }
    Map<String, byte[]> files = new HashMap<>();
    for (FileReference each : named) {
      FileAnswer answer = references.fetch(each);
      if (answer instanceof FileAnswer.Away away) {
        return new Fetched.Instead(
            new IntakeAnswer.Unavailable(away.because() + " Nothing was accepted."));
      }
      if (answer instanceof FileAnswer.Refused refused) {
        return invalid(
            List.of(
                new PayloadFault(each.pointer() + "/key", refused.expected(), refused.found())));
      }
      files.put(each.pointer(), ((FileAnswer.Found) answer).bytes());
      List<PayloadFault> faults = type.fetchedFaults(json, files);
      if (!faults.isEmpty()) {
        return invalid(faults);
      }
    }
    return new Fetched.Files(files);
  }

  private static Fetched invalid(List<PayloadFault> faults) {
    return new Fetched.Instead(new IntakeAnswer.Invalid(faults));
  }
}
