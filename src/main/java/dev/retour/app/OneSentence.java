package dev.retour.app;

import dev.retour.config.ConfigException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** An expected failure is one sentence and exit code 1; a surprise keeps its stack trace. */
final class OneSentence implements IExecutionExceptionHandler {
  private static final int FAILED = 1;

  @Override
  public int handleExecutionException(Exception thrown, CommandLine line, ParseResult parsed)
      throws Exception {
    return print(thrown, line.getErr());
  }

  /**
   * Prints an expected failure.
   *
   * @return the exit code
   * @throws Exception the failure itself, when it was not expected
   */
  static int print(Exception thrown, PrintWriter err) throws Exception {
    if (thrown instanceof StartupException || thrown instanceof ConfigException) {
      err.println("retour: " + thrown.getMessage());
      err.flush();
      return FAILED;
    }
    throw thrown;
  }
}
