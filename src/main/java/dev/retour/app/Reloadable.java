package dev.retour.app;

/** Something that is read from files an operator edits while the engine runs. */
interface Reloadable {
  /** What it is, for log, health and console: routes, rules, messages. */
  String name();

  /**
   * Reads, checks and, only when there is no fault, replaces what runs.
   *
   * @throws ReloadFaultException with every fault; what runs stays as it is
   */
  void reload() throws ReloadFaultException;
}
