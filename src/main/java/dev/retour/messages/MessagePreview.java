package dev.retour.messages;

import com.fasterxml.jackson.databind.JsonNode;
import dev.retour.config.FileFault;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What a mail would look like: a test profile, rendered by what renders every mail. A version is
 * taken as it was stored, with the HTML it was published with, as for sending; the folder is
 * compiled as it stands. Nothing is sent and nothing stored.
 */
public final class MessagePreview {
  private static final String PROFILES = "/test-profiles/";
  private static final String ENDING = ".json";
  private static final String MESSAGE_ID = "<preview@retour.invalid>";

  private final MessageFolders folders;
  private final InstantSource clock;
  private final MessagesConfig config;

  MessagePreview(MessageFolders folders, InstantSource clock, MessagesConfig config) {
    this.folders = folders;
    this.clock = clock;
    this.config = config;
  }

  /**
   * What is to be shown.
   *
   * @param version null: what the folder holds
   * @param profile name of a test profile; empty: the one called sample, else the first, else a
   *     generated event
   */
  public record Wish(String id, @Nullable Integer version, String profile) {}

  /** The names of the test profiles, sorted. */
  public List<String> profiles(Wish wish) {
    return profiles(folders.texts(wish.id(), wish.version()), wish.id());
  }

  private static List<String> profiles(SortedMap<String, String> texts, String id) {
    return texts.keySet().stream()
        .filter(file -> file.startsWith(id + PROFILES) && file.endsWith(ENDING))
        .map(file -> file.substring((id + PROFILES).length(), file.length() - ENDING.length()))
        .toList();
  }

  /**
   * Renders it.
   *
   * @throws IllegalArgumentException with one sentence when there is no such version or profile
   * @throws MessageSetException when the folder cannot be compiled or the version not be used, or
   *     the profile is no event of it
   * @throws RenderException when a template cannot be filled with this profile
   */
  public RenderedMail mail(Wish wish) {
    Sample sample = sample(wish);
    return sample.type().render(RenderRequest.of(sample.event(), MESSAGE_ID, clock.instant()));
  }

  /**
   * A message with an event of it to be tried with.
   *
   * @param type as in the version or the folder
   * @param event the test profile
   */
  public record Sample(EventType type, EventPayload event) {}

  /**
   * What a preview or a proof is rendered from.
   *
   * @throws IllegalArgumentException with one sentence when there is no such version or profile
   * @throws MessageSetException when the folder cannot be compiled or the version not be used, or
   *     the profile is no event of it
   */
  public Sample sample(Wish wish) {
    Tried tried = tried(wish);
    EventType type = tried.type();
    TestProfile profile =
        TestProfile.of(wish.profile().isEmpty() ? type.profile() : profile(tried.texts(), wish));
    List<PayloadFault> faults = type.faults(profile);
    if (!faults.isEmpty()) {
      throw new MessageSetException(
          faults.stream().map(fault -> new FileFault(file(wish), 0, fault.toString())).toList());
    }
    return new Sample(type, type.event(profile));
  }

  private record Tried(SortedMap<String, String> texts, EventType type) {}

  private Tried tried(Wish wish) {
    if (wish.version() != null) {
      StoredVersion version = folders.stored(wish.id(), wish.version());
      return new Tried(version.texts(), version.ready(config));
    }
    SortedMap<String, String> texts = folders.texts(wish.id(), null);
    MessageLoader loader = new MessageLoader(config, MessageFiles.of(texts));
    return new Tried(
        texts,
        loader.checked(wish.id()).orElseThrow(() -> new MessageSetException(loader.faults())));
  }

  private JsonNode profile(SortedMap<String, String> texts, Wish wish) {
    String text = texts.get(file(wish));
    if (text == null) {
      throw new IllegalArgumentException(
          "There is no test profile of this name; there are "
              + String.join(", ", profiles(texts, wish.id()))
              + ".");
    }
    PayloadReader.Reading reading =
        new PayloadReader(config).read(text.getBytes(StandardCharsets.UTF_8));
    if (reading instanceof PayloadReader.Reading.Body body) {
      return SamplePayload.completed(body.json());
    }
    throw new MessageSetException(
        ((PayloadReader.Reading.Unreadable) reading)
            .faults().stream()
                .map(fault -> new FileFault(file(wish), 0, fault.toString()))
                .toList());
  }

  private static String file(Wish wish) {
    return wish.id() + PROFILES + wish.profile() + ENDING;
  }
}
