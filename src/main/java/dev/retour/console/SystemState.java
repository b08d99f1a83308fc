package dev.retour.console;

import java.util.List;

/** What the process knows of its parts. Answers at once from memory: it is asked with each page. */
public interface SystemState {
  /** The parts in the order in which they are shown: database, SMTP, mailboxes, others. */
  List<ComponentState> components();

  /** Sentences every page must show: what here is not as it is in earnest. */
  default List<Phrase> banners() {
    return List.of();
  }

  /** Changed files that were refused; empty when what runs is what the files say. */
  default List<ReloadFault> reloadFaults() {
    return List.of();
  }
}
