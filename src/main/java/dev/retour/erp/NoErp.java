package dev.retour.erp;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The ERP's database where none is configured: every use says so. */
final class NoErp implements DataSource {
  private static SQLException none() {
    return new SQLException("No ERP database is configured; set " + ErpConfig.JDBC_URL.key() + ".");
  }

  @Override
  public Connection getConnection() throws SQLException {
    throw none();
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    throw none();
  }

  @Override
  public @Nullable PrintWriter getLogWriter() {
    return null;
  }

  @Override
  public void setLogWriter(@Nullable PrintWriter out) throws SQLException {
    throw none();
  }

  @Override
  public void setLoginTimeout(int seconds) throws SQLException {
    throw none();
  }

  @Override
  public int getLoginTimeout() {
    return 0;
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException("java.util.logging is not used");
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    throw none();
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return false;
  }
}
