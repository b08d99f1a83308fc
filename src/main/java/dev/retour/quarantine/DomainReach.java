package dev.retour.quarantine;

import java.time.Instant;
import org.jdbi.v3.core.Handle;

/** How many addresses of a domain were written to; the room that keeps the mails knows. */
@FunctionalInterface
public interface DomainReach {
  /** For those who cannot know; shares are then not looked at. */
  DomainReach UNKNOWN = (handle, domain, since) -> 0;

  /** Different addresses of the domain that mails were queued for since then. */
  long addresses(Handle handle, String domain, Instant since);
}
