package dev.retour.store;

import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells a database that is away, or cannot commit anything, from one that refuses a statement. */
public final class StoreFault {
  private static final int CAUSES_MAX = 20;
  private static final String QUERY_CANCELED = "57014";
  private static final String READ_ONLY = "25006";

  /** Connection, insufficient resources (disk full), operator intervention, system error. */
  private static final Set<String> AWAY = Set.of("08", "53", "57", "58");

  private StoreFault() {}

  /** True when the same work is likely to succeed once the database is well again. */
  public static boolean isAway(@Nullable Throwable thrown) {
    @Nullable Throwable cause = thrown;
    for (int depth = 0; cause != null && depth < CAUSES_MAX; depth++) {
      if (cause instanceof SQLException sql && isAway(sql)) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  private static boolean isAway(SQLException sql) {
    if (sql instanceof SQLTransientConnectionException || sql instanceof SQLRecoverableException) {
      return true;
    }
    String state = sql.getSQLState();
    return state != null
        && state.length() == 5
        && !state.equals(QUERY_CANCELED)
        && (state.equals(READ_ONLY) || AWAY.contains(state.substring(0, 2)));
  }
}
