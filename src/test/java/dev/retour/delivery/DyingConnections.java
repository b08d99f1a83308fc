package dev.retour.delivery;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/**
 * Connections of a process that kills itself (SIGKILL) exactly before a statement or exactly after
 * its commit: boundaries no server on the other end can see.
 */
final class DyingConnections {
  /** Where to die. */
  enum At {
    NEVER(""),
    AFTER_CLAIM("with candidate"),
    AFTER_BODY_SENT("phase = 'body_sent'"),
    BEFORE_SETTLE("set state = 'sent'");

    private final String mark;

    At(String mark) {
      this.mark = mark;
    }

    private boolean is(String sql) {
      String lower = sql.toLowerCase(Locale.ROOT);
      return this != NEVER && lower.contains(mark);
    }
  }

  private final At at;

  DyingConnections(At at) {
    this.at = at;
  }

  DataSource over(DataSource real) {
    return proxy(
        DataSource.class,
        (self, method, arguments) -> {
          Object result = call(real, method, arguments);
          return result instanceof Connection connection ? watched(connection) : result;
        });
  }

  private Connection watched(Connection real) {
    boolean[] asked = new boolean[1];
    return proxy(
        Connection.class,
        (self, method, arguments) -> {
          if (method.getName().equals("prepareStatement") && at.is((String) arguments[0])) {
            if (at == At.BEFORE_SETTLE) {
              die();
            }
            asked[0] = true;
          }
          Object result = call(real, method, arguments);
          // A statement of its own is committed once it is done with.
          if (List.of("commit", "close").contains(method.getName()) && asked[0]) {
            die();
          }
          return result;
        });
  }

  static void die() {
    try {
      new ProcessBuilder("kill", "-9", Long.toString(ProcessHandle.current().pid())).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    while (true) {
      LockSupport.park(); // this thread goes no further
    }
  }

  private static Object call(Object real, java.lang.reflect.Method method, Object[] arguments)
      throws Throwable {
    try {
      return method.invoke(real, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(
        Proxy.newProxyInstance(
            DyingConnections.class.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
