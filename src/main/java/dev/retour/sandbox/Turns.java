package dev.retour.sandbox;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One command or delivery at a time in the mailboxes. GreenMail's sessions tell each other of new
 * and expunged mails without a lock between: a mail that arrives while another client expunges ends
 * a connection ("Need to do this properly..."), or two wait for each other for ever.
 *
 * <p>A conversation holds the turn from the moment a command has come until it reads for the next.
 */
final class Turns {
  private final ReentrantLock turn = new ReentrantLock(true);

  /** Something that changes a mailbox. */
  interface Work {
    void run() throws IOException;
  }

  /** Waits for its turn and does the work. */
  void take(Work work) throws IOException {
    turn.lock();
    try {
      work.run();
    } finally {
      turn.unlock();
    }
  }

  /** A socket, not yet connected, whose conversation takes turns. */
  Socket socket() {
    return new Conversation();
  }

  private void give() {
    while (turn.isHeldByCurrentThread()) {
      turn.unlock();
    }
  }

  private final class Conversation extends Socket {
    @Override
    public InputStream getInputStream() throws IOException {
      return new Commands(super.getInputStream());
    }

    @Override
    public synchronized void close() throws IOException {
      give();
      super.close();
    }
  }

  /** Gives the turn away while it waits for the client. */
  private final class Commands extends FilterInputStream {
    Commands(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      give();
      int read = super.read(bytes, from, length);
      if (read >= 0) {
        turn.lock();
      }
      return read;
    }

    @Override
    public void close() throws IOException {
      give();
      super.close();
    }
  }
}
