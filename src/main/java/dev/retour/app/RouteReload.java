package dev.retour.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.camel.support.PluginHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces the running routes by a changed set, as a whole or not at all.
 *
 * <p>Camel's own reload drops every route when one file is broken, keeps routes of deleted files,
 * and does not follow templates. Here a set is first loaded in a scratch context ({@link
 * RouteCheck}); only then are the routes of the changed files, and no others, stopped and replaced.
 */
final class RouteReload implements Reloadable {
  private static final Logger log = LoggerFactory.getLogger(RouteReload.class);
  private static final long STOP_SECONDS = 20;

  private final Path folder;
  private final CamelContext context;
  private final RouteCheck check;
  private RouteSet running;
  private LoadedRoutes runningRoutes;

  /**
   * Takes note of what runs.
   *
   * @param running the set the engine was started with
   */
  RouteReload(Path folder, CamelEngine engine, RouteCheck check, RouteSet running) {
    this.folder = folder;
    this.context = engine.context();
    this.check = check;
    this.running = running;
    this.runningRoutes = engine.routes();
  }

  @Override
  public String name() {
    return "routes";
  }

  @Override
  public void reload() throws ReloadFaultException {
    RouteSet changed;
    LoadedRoutes checked;
    try {
      changed = RouteSet.read(folder);
      checked = check.check(changed);
    } catch (RouteFaultException e) {
      throw new ReloadFaultException(e.faults());
    } catch (IOException e) {
      throw new ReloadFaultException(
          List.of(new Fault(folder.toString(), 1, "cannot be read: " + e)));
    }
    Collection<String> files = concerned(changed);
    if (files.isEmpty()) {
      return;
    }
    try {
      replace(files, runningRoutes, changed);
    } catch (Exception e) {
      log.error("Routes that were checked could not be started; the old ones are put back.", e);
      putBack(files, checked);
      throw new ReloadFaultException(
          List.of(new Fault(folder.toString(), 1, "checked, but could not be started: " + e)));
    }
    running = changed;
    runningRoutes = checked;
    log.info("Routes reloaded: {}.", files);
  }

  /** A change of a failure policy or template concerns every route; of a route, its file only. */
  private Collection<String> concerned(RouteSet changed) {
    Set<String> files = new LinkedHashSet<>(changed.changedSince(running));
    boolean everything =
        files.stream().anyMatch(file -> changed.concernsAll(file) || running.concernsAll(file));
    if (everything) {
      files.addAll(changed.texts().keySet());
      files.addAll(running.texts().keySet());
    }
    return files;
  }

  private void replace(Collection<String> files, LoadedRoutes old, RouteSet by) throws Exception {
    for (String file : files) {
      for (String id : old.routes().getOrDefault(file, List.of())) {
        remove(id);
      }
    }
    ModelCamelContext model = (ModelCamelContext) context;
    if (files.containsAll(by.texts().keySet())) {
      // Every file is loaded anew, so every policy is; one left behind would win over its
      // successor.
      for (RouteConfigurationDefinition policy :
          new ArrayList<>(model.getRouteConfigurationDefinitions())) {
        model.removeRouteConfiguration(policy);
      }
    }
    PluginHelper.getRoutesLoader(context).loadRoutes(by.resources(files));
  }

  private void remove(String id) throws Exception {
    if (context.getRoute(id) != null) {
      context.getRouteController().stopRoute(id, STOP_SECONDS, TimeUnit.SECONDS);
      if (!context.removeRoute(id)) {
        throw new IllegalStateException("Route " + id + " could not be stopped.");
      }
    }
  }

  private void putBack(Collection<String> files, LoadedRoutes failed) {
    try {
      replace(files, failed, running);
    } catch (Exception e) {
      log.error(
          "The old routes could not be put back either; restart Retour. Nothing stored is lost.",
          e);
    }
  }
}
