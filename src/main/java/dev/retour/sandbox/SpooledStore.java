package dev.retour.sandbox;

import com.icegreen.greenmail.imap.commands.IdRange;
import com.icegreen.greenmail.store.FolderException;
import com.icegreen.greenmail.store.InMemoryStore;
import com.icegreen.greenmail.store.MailFolder;
import com.icegreen.greenmail.store.Store;
import jakarta.mail.Flags;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * GreenMail's mail store with every mail mirrored as a file {@code <folder>/<number>.eml}: on disk
 * before APPEND is answered, gone after EXPUNGE. So a kill loses no bounce that was not yet
 * processed; flags are not kept, an unprocessed mail is simply new again.
 *
 * <p>GreenMail's folder class can be neither extended nor replaced (package-private, and its store
 * casts to it), hence proxies around its two interfaces. Who calls has taken his turn ({@link
 * Turns}): nothing here is safe for two threads at once.
 */
final class SpooledStore implements InvocationHandler {
  private final Path folder;

  /** GreenMail's name of an account (a hash) to the user's. */
  private final Map<String, String> users;

  private final Store memory = new InMemoryStore();
  private final Map<MailFolder, MailFolder> spooled = new ConcurrentHashMap<>();

  private SpooledStore(Path folder, Map<String, String> users) {
    this.folder = folder;
    this.users = users;
  }

  /**
   * A store whose files lie in {@code folder/<user>/<mailbox folder>}; see {@link #restore} for
   * what is there.
   *
   * @param users the user of each account by GreenMail's name of it; read at every use
   */
  static Store below(Path folder, Map<String, String> users) {
    return proxy(Store.class, new SpooledStore(folder, users));
  }

  /** Reads the files of one mailbox folder back, in their order. To be called once, when empty. */
  static void restore(MailFolder mailbox) throws IOException {
    ((SpooledFolder) Proxy.getInvocationHandler(mailbox)).restore();
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    Object[] bare = arguments == null ? new Object[0] : arguments.clone();
    for (int i = 0; i < bare.length; i++) {
      bare[i] = unwrap(bare[i]);
    }
    Object answer = call(memory, method, bare);
    if (answer instanceof MailFolder one) {
      return wrap(one);
    }
    if (answer instanceof Collection<?> many) {
      return many.stream().map(MailFolder.class::cast).map(this::wrap).toList();
    }
    return answer;
  }

  private MailFolder wrap(MailFolder bare) {
    return spooled.computeIfAbsent(
        bare, key -> proxy(MailFolder.class, new SpooledFolder(key, () -> files(key))));
  }

  // "#mail.<account>.INBOX" lies in <user>/INBOX; a name with a path in it stays inside.
  private Path files(MailFolder bare) {
    List<String> names = List.of(bare.getFullName().split("\\.", -1));
    Path path = folder.resolve(users.getOrDefault(names.get(1), "unknown"));
    for (String name : names.subList(2, names.size())) {
      path = path.resolve(name.replaceAll("[^A-Za-z0-9 _-]", "_"));
    }
    return path;
  }

  private static Object unwrap(Object argument) {
    return Proxy.isProxyClass(argument.getClass())
            && Proxy.getInvocationHandler(argument) instanceof SpooledFolder handler
        ? handler.memory
        : argument;
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private static @Nullable Object call(Object target, Method method, Object[] arguments)
      throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }

  /** One folder: the same calls, and the files follow. */
  private static final class SpooledFolder implements InvocationHandler {
    private static final String ADDING = "appendMessage";
    private static final Set<String> REMOVING =
        Set.of("expunge", "deleteAllMessages", "signalDeletion");

    private final MailFolder memory;
    private final Supplier<Path> folder;
    private final Map<Long, Path> onDisk = new HashMap<>();
    private long lastNumber;

    /** GreenMail asks for it once per mail and FETCH: uncached, a FETCH costs n squared. */
    private long @Nullable [] uids;

    SpooledFolder(MailFolder memory, Supplier<Path> folder) {
      this.memory = memory;
      this.folder = folder;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
        throws Throwable {
      Object[] given = arguments == null ? new Object[0] : arguments;
      String name = method.getName();
      if (name.equals("moveMessage")) {
        return move((Long) given[0], (MailFolder) given[1]);
      }
      if (name.equals("getMessageUids")) {
        return uids();
      }
      if (name.equals("store")) {
        throw new UnsupportedOperationException("Mails enter by appendMessage only.");
      }
      if (!name.equals(ADDING) && !REMOVING.contains(name)) {
        return call(memory, method, given);
      }
      if (name.equals(ADDING)) {
        return append(StoredForm.bytes((MimeMessage) given[0]), (Flags) given[1], (Date) given[2]);
      }
      Object answer = call(memory, method, given);
      uids = null;
      removeGone();
      return answer;
    }

    private long[] uids() {
      if (uids == null) {
        uids = memory.getMessageUids();
      }
      return uids;
    }

    private long append(byte[] raw, Flags flags, Date date) throws IOException {
      long uid = remember(raw, flags, date);
      Path file = Files.createDirectories(folder.get()).resolve(DurableFiles.name(++lastNumber));
      DurableFiles.write(file, raw);
      onDisk.put(uid, file);
      return uid;
    }

    private long remember(byte[] raw, Flags flags, Date date) throws IOException {
      try {
        return memory.appendMessage(StoredForm.structured(raw), flags, date);
      } catch (RuntimeException unreadableStructure) {
        return rememberOpaque(raw, flags, date);
      } catch (MessagingException e) {
        throw new IOException("A mail of the sandbox cannot be read.", e);
      } finally {
        uids = null;
      }
    }

    private long rememberOpaque(byte[] raw, Flags flags, Date date) throws IOException {
      try {
        return memory.appendMessage(StoredForm.opaque(raw), flags, date);
      } catch (MessagingException e) {
        throw new IOException("A mail of the sandbox cannot be read.", e);
      } finally {
        uids = null;
      }
    }

    // A start is not worth the time the structure of all mails takes to read.
    void restore() throws IOException {
      for (Path file : DurableFiles.list(Files.createDirectories(folder.get()))) {
        Date received = Date.from(Files.getLastModifiedTime(file).toInstant());
        onDisk.put(rememberOpaque(Files.readAllBytes(file), new Flags(), received), file);
        lastNumber = DurableFiles.number(file);
      }
    }

    // MOVE is COPY and EXPUNGE of one: there may be two for a moment, never none.
    private long move(long uid, MailFolder target) throws FolderException {
      long answer = memory.copyMessage(uid, target);
      memory.setFlags(new Flags(Flags.Flag.DELETED), true, uid, null, false);
      memory.expunge(new IdRange[] {new IdRange(uid)});
      uids = null;
      removeGone();
      return answer;
    }

    private void removeGone() {
      Set<Long> gone = new HashSet<>(onDisk.keySet());
      for (long uid : uids()) {
        gone.remove(uid);
      }
      for (Long uid : gone) {
        Path file = onDisk.remove(uid);
        try {
          if (file != null) {
            Files.deleteIfExists(file);
          }
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }
}
