package dev.retour.messages;

import dev.retour.config.FileFault;
import dev.retour.config.YamlFields;
import dev.retour.config.YamlFile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.snakeyaml.engine.v2.nodes.MappingNode;

/**
 * How long the settled events of each type are kept, where the message says so (spec C2, C10): by
 * the version in force, or by the last one of a message that is off. Nothing is compiled for it.
 */
public final class Retentions {
  private static final Logger log = LoggerFactory.getLogger(Retentions.class);

  private Retentions() {}

  /** By event type; those that say nothing are absent. */
  public static Map<String, Duration> read(Jdbi jdbi) {
    return jdbi.withHandle(
        handle -> {
          Map<String, Duration> retentions = new TreeMap<>();
          for (MessageRow row : new MessageStore().all(handle)) {
            if (row.newest() > 0) {
              int number = row.version() == null ? row.newest() : row.version();
              of(handle, row.id(), number).ifPresent(time -> retentions.put(row.id(), time));
            }
          }
          return retentions;
        });
  }

  private static Optional<Duration> of(Handle handle, String id, int number) {
    return new VersionStore()
        .content(handle, id, number)
        .flatMap(content -> eventFile(id, content))
        .flatMap(yaml -> retention(id, yaml));
  }

  private static Optional<String> eventFile(String id, VersionStore.Content content) {
    try {
      return Optional.ofNullable(MessageArchive.read(content.archive()).get(id + "/event.yaml"));
    } catch (MessageArchive.Refused e) {
      log.warn("The last version of {} cannot be read; its events are kept as all others.", id, e);
      return Optional.empty();
    }
  }

  private static Optional<Duration> retention(String id, String yaml) {
    List<FileFault> faults = new ArrayList<>();
    return YamlFile.compose(id, yaml, faults)
        .filter(MappingNode.class::isInstance)
        .map(root -> new YamlFields(id, (MappingNode) root, faults))
        .map(RetentionField::parse);
  }
}
