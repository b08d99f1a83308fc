package dev.retour.events;

import java.util.List;
import java.util.Optional;

/** Asks other databases for the bytes of files; read only, within their limits of time. */
public interface FileTables {
  /** There are no other databases. */
  static FileTables none() {
    return new FileTables() {
      @Override
      public Optional<String> fault(String sql) {
        return Optional.empty();
      }

      @Override
      public Rows ask(String source, String sql, String key) {
        return new Rows.Away("There is no database " + source + ".");
      }
    };
  }

  /** What a statement found. */
  sealed interface Rows {
    /** The first column of each row, two rows at most; NULL is left out. */
    record Found(List<byte[]> bytes) implements Rows {
      /** Copies the list. */
      public Found {
        bytes = List.copyOf(bytes);
      }
    }

    /**
     * The database does not answer, or refuses the statement.
     *
     * @param because one sentence for the operator
     */
    record Away(String because) implements Rows {}
  }

  /** What is wrong with a statement, in one sentence for who wrote it; nothing is asked. */
  Optional<String> fault(String sql);

  /**
   * Asks for one file.
   *
   * @param source the name of the database
   * @param sql one statement with the parameter {@code :key}
   */
  Rows ask(String source, String sql, String key);
}
