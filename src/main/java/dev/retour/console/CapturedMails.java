package dev.retour.console;

import java.util.List;
import java.util.Optional;

/** The mails the sandbox took, as far as the console shows them. */
public interface CapturedMails {
  /** No sandbox: mails go out to a real SMTP server. */
  CapturedMails OFF =
      new CapturedMails() {
        @Override
        public boolean running() {
          return false;
        }

        @Override
        public List<CapturedMail> list(int limit) {
          return List.of();
        }

        @Override
        public Optional<byte[]> raw(String id) {
          return Optional.empty();
        }
      };

  /** Whether mails are sent into the sandbox. */
  default boolean running() {
    return true;
  }

  /** The newest mails first, at most {@code limit}. */
  List<CapturedMail> list(int limit);

  /** The mail as it came (RFC 5322), or nothing when there is none of this id (any more). */
  Optional<byte[]> raw(String id);
}
