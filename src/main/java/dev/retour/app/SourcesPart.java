package dev.retour.app;

import dev.retour.config.FileFault;
import dev.retour.config.Settings;
import dev.retour.console.ComponentState;
import dev.retour.console.ComponentState.Status;
import dev.retour.console.Phrase;
import dev.retour.erp.ErpConfig;
import dev.retour.store.SourceConfig;
import dev.retour.store.SourceState;
import dev.retour.store.Sources;
import dev.retour.store.SourcesFile;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The other databases in the running process: those of the file, and that of the ERP. */
final class SourcesPart implements AutoCloseable {
  private final Settings settings;
  private final Sources sources;

  /**
   * Opens no connection.
   *
   * @throws StartupException when the file has a fault
   */
  SourcesPart(Settings settings, InstantSource clock) {
    this.settings = settings;
    List<FileFault> faults = new ArrayList<>();
    List<SourceConfig> configs = read(settings, System.getenv(), faults);
    if (!faults.isEmpty()) {
      throw new StartupException(
          "The sources have faults: "
              + faults.stream().map(FileFault::toString).collect(Collectors.joining("; ")));
    }
    this.sources = Sources.of(configs, clock);
  }

  /** What the file and the settings name; complete only when no fault was added. */
  static List<SourceConfig> read(
      Settings settings, Map<String, String> env, List<FileFault> faults) {
    List<SourceConfig> configs = new ArrayList<>();
    ErpConfig erp = ErpConfig.from(settings);
    if (erp.enabled()) {
      configs.add(SourceConfig.erp(erp.jdbcUrl(), erp.user(), erp.password()));
    }
    configs.addAll(SourcesFile.read(SourcesFile.of(settings), env, faults));
    return configs;
  }

  Sources sources() {
    return sources;
  }

  /** What is saved in the file counts from then on; one with a fault changes nothing. */
  void watch(Reloader reloader) {
    Path file = SourcesFile.of(settings);
    reloader.watch(
        file,
        new Reloadable() {
          @Override
          public String name() {
            return "sources";
          }

          @Override
          public void reload() throws ReloadFaultException {
            replace();
          }
        });
  }

  private void replace() throws ReloadFaultException {
    List<FileFault> faults = new ArrayList<>();
    List<SourceConfig> configs = read(settings, System.getenv(), faults);
    if (!faults.isEmpty()) {
      throw new ReloadFaultException(
          faults.stream()
              .map(fault -> new Fault(fault.file(), fault.line(), fault.text()))
              .toList());
    }
    sources.replace(configs);
  }

  /** What console and health show of each. */
  List<ComponentState> states() {
    return sources.states().stream().map(SourcesPart::state).toList();
  }

  /** All of them as one, for health: red with the first that is away. */
  ComponentState state() {
    return states().stream()
        .filter(each -> each.status() == Status.DOWN)
        .findFirst()
        .orElseGet(
            () ->
                new ComponentState(
                    Phrase.of("part.sources.name"), Status.UP, Phrase.of("part.sources.up"), null));
  }

  private static ComponentState state(SourceState source) {
    Phrase name = Phrase.of("part.source.name", source.id());
    if (!source.asked()) {
      return new ComponentState(name, Status.UP, Phrase.of("part.unasked"), null);
    }
    return source.fault() == null
        ? new ComponentState(name, Status.UP, Phrase.of("part.source.up"), source.since())
        : new ComponentState(
            name, Status.DOWN, Phrase.of("part.source.down", source.fault()), source.since());
  }

  @Override
  public void close() {
    sources.close();
  }
}
