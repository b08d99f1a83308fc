package dev.retour.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** A name server on loopback for tests: what it was told, NXDOMAIN for all else. */
public final class TinyDns implements AutoCloseable {
  private static final int PACKET_BYTES = 4_096;
  private static final long NEGATIVE_TTL = 300;

  private final DatagramSocket socket;
  private final Map<String, List<Record>> records = new ConcurrentHashMap<>();
  private final Set<String> failing = ConcurrentHashMap.newKeySet();
  private final List<String> asked = new CopyOnWriteArrayList<>();

  public TinyDns() {
    try {
      socket = new DatagramSocket(Ports.free(), InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread thread = new Thread(this::serve, "tiny-dns");
    thread.setDaemon(true);
    thread.start();
  }

  /** {@code 127.0.0.1:port}. */
  public String address() {
    return "127.0.0.1:" + socket.getLocalPort();
  }

  /** Adds a record in the words of a zone file, such as {@code MX 10 mx.example.test.}. */
  public TinyDns with(String name, String type, String data) {
    try {
      Name owner = Name.fromString(name + ".");
      records
          .computeIfAbsent(name.toLowerCase(Locale.ROOT), any -> new CopyOnWriteArrayList<>())
          .add(Record.fromString(owner, Type.value(type), DClass.IN, 3_600, data, Name.root));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /** Answers SERVFAIL for a name. */
  public void fail(String name) {
    failing.add(name);
  }

  /** How often a name was asked for a type. */
  public long asked(String name, String type) {
    return asked.stream().filter((name + " " + type)::equals).count();
  }

  @Override
  public void close() {
    socket.close();
  }

  private void serve() {
    while (!socket.isClosed()) {
      try {
        DatagramPacket packet = new DatagramPacket(new byte[PACKET_BYTES], PACKET_BYTES);
        socket.receive(packet);
        byte[] wire = new byte[packet.getLength()];
        System.arraycopy(packet.getData(), 0, wire, 0, wire.length);
        byte[] answer = answer(new Message(wire)).toWire();
        socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
      } catch (IOException e) {
        // Closed, or not a question: nobody waits for more.
      }
    }
  }

  private Message answer(Message query) throws IOException {
    Record question = query.getQuestion();
    String name = question.getName().toString(true).toLowerCase(Locale.ROOT);
    asked.add(name + " " + Type.string(question.getType()));
    Message answer = new Message(query.getHeader().getID());
    answer.getHeader().setFlag(Flags.QR);
    answer.getHeader().setFlag(Flags.RA);
    answer.addRecord(question, Section.QUESTION);
    if (failing.contains(name)) {
      answer.getHeader().setRcode(Rcode.SERVFAIL);
      return answer;
    }
    List<Record> all = records.getOrDefault(name, List.of());
    List<Record> found = new ArrayList<>();
    all.stream().filter(each -> each.getType() == question.getType()).forEach(found::add);
    found.forEach(each -> answer.addRecord(each, Section.ANSWER));
    if (found.isEmpty()) {
      answer.getHeader().setRcode(all.isEmpty() ? Rcode.NXDOMAIN : Rcode.NOERROR);
      answer.addRecord(
          new SOARecord(
              Name.fromString("test."),
              DClass.IN,
              NEGATIVE_TTL,
              Name.fromString("ns.test."),
              Name.fromString("admin.test."),
              1,
              3_600,
              600,
              86_400,
              NEGATIVE_TTL),
          Section.AUTHORITY);
    }
    return answer;
  }
}
