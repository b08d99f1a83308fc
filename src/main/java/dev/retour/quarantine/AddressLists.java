package dev.retour.quarantine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SequenceWriter;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import dev.retour.mail.EmailAddress;
import dev.retour.qualification.Reason;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * Quarantine, denylist and allowlist as CSV (RFC 4180, UTF-8, header line {@code
 * address,state,reason,source,date}): for a move from another system, and back.
 *
 * <p>An import is all or nothing: with one bad line nothing is changed, and every bad line is
 * named.
 */
public final class AddressLists {
  private static final List<String> HEAD = List.of("address", "state", "reason", "source", "date");
  private static final int FAULTS_MAX = 100;
  private static final int LINES_MAX = 1_000_000;
  private static final int SOURCE_CHARS_MAX = 500;

  /** A spreadsheet would run a cell that begins so; a stranger's words stay words. */
  private static final String FORMULA = "=+-@\t\r";

  private static final CsvMapper CSV =
      CsvMapper.builder()
          .enable(CsvParser.Feature.TRIM_SPACES)
          .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
          .build();

  private final Jdbi jdbi;
  private final InstantSource clock;
  private final AddressStore addresses = new AddressStore();
  private final AddressWriter writer;

  /**
   * Works on the tables behind {@code jdbi}.
   *
   * @param listener is told what an import changes
   */
  public AddressLists(Jdbi jdbi, InstantSource clock, StandingListener listener) {
    this.writer = new AddressWriter(listener);
    this.jdbi = jdbi;
    this.clock = clock;
  }

  /**
   * A line that cannot be taken.
   *
   * @param line number in the file, from 1
   */
  public record Fault(long line, String text) {
    @Override
    public String toString() {
      return "line " + line + ": " + text;
    }
  }

  /**
   * What an import did.
   *
   * @param changed addresses that were set; 0 when there are faults
   * @param unchanged addresses that were in that state already
   * @param faults bad lines, at most a hundred
   */
  public record Imported(int changed, int unchanged, List<Fault> faults) {}

  private record Line(
      String address, AddressState state, @Nullable Integer reason, String source, Instant date) {}

  /**
   * Writes every address of some states, sorted by state and address.
   *
   * @return how many
   */
  public int write(Writer out, Collection<AddressState> states) throws IOException {
    ObjectWriter writer =
        CSV.writer(
            CsvSchema.builder().addColumns(HEAD, CsvSchema.ColumnType.STRING).build().withHeader());
    AtomicInteger count = new AtomicInteger();
    try (SequenceWriter rows = writer.writeValues(out)) {
      if (states.isEmpty()) {
        return 0;
      }
      jdbi.useTransaction(
          handle ->
              addresses.each(
                  handle,
                  states,
                  row -> {
                    write(rows, row);
                    count.incrementAndGet();
                  }));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return count.get();
  }

  private static void write(SequenceWriter rows, AddressEntry row) {
    Map<String, String> cells = new LinkedHashMap<>();
    cells.put("address", harmless(row.address()));
    cells.put("state", row.state().label());
    cells.put("reason", row.reason() == null ? "" : Integer.toString(row.reason()));
    cells.put("source", harmless(row.failureText() == null ? "" : row.failureText()));
    cells.put("date", row.changedAt().toString());
    try {
      rows.write(cells);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a file and sets what it says.
   *
   * @param who the person, for the history
   */
  public Imported read(Reader in, String who) {
    List<Fault> faults = new ArrayList<>();
    Map<String, Line> lines = lines(in, faults);
    if (!faults.isEmpty()) {
      return new Imported(0, 0, faults.subList(0, Math.min(FAULTS_MAX, faults.size())));
    }
    int changed =
        jdbi.inTransaction(
            handle ->
                lines.values().stream().mapToInt(line -> set(handle, line, who) ? 1 : 0).sum());
    return new Imported(changed, lines.size() - changed, List.of());
  }

  /** Sorted, so that two imports at once cannot wait for each other for ever. */
  private static Map<String, Line> lines(Reader in, List<Fault> faults) {
    Map<String, Line> lines = new TreeMap<>();
    CsvSchema head = CsvSchema.emptySchema().withHeader();
    long number = 1;
    try (MappingIterator<Map<String, String>> rows =
        CSV.readerForMapOf(String.class).with(head).readValues(in)) {
      while (rows.hasNextValue()) {
        number = Math.max(number + 1, rows.getCurrentLocation().getLineNr() - 1L);
        Map<String, String> row = rows.nextValue();
        if (lines.size() >= LINES_MAX) {
          faults.add(new Fault(number, "A file has at most " + LINES_MAX + " lines; split it."));
          return lines;
        }
        line(row, number, faults, lines);
      }
      if (lines.isEmpty() && faults.isEmpty()) {
        faults.add(new Fault(1, "The file holds no address below a header line " + HEAD + "."));
      }
    } catch (JsonProcessingException e) {
      faults.add(
          new Fault(
              e.getLocation() == null ? number : e.getLocation().getLineNr(),
              e.getOriginalMessage()));
    } catch (IOException e) {
      faults.add(new Fault(number, "It cannot be read: " + e.getMessage()));
    }
    return lines;
  }

  private static void line(
      Map<String, String> row, long number, List<Fault> faults, Map<String, Line> lines) {
    try {
      Line line = line(row);
      if (lines.putIfAbsent(line.address(), line) != null) {
        faults.add(new Fault(number, "The address stands in the file twice."));
      }
    } catch (IllegalArgumentException | DateTimeParseException e) {
      faults.add(new Fault(number, String.valueOf(e.getMessage())));
    }
  }

  private static Line line(Map<String, String> row) {
    for (String column : row.keySet()) {
      if (!HEAD.contains(column)) {
        throw new IllegalArgumentException(
            "There is no column \"" + column + "\"; the columns are " + HEAD + ".");
      }
    }
    String address = plain(row.getOrDefault("address", ""));
    String key =
        EmailAddress.parse(address)
            .map(EmailAddress::key)
            .orElseThrow(
                () -> new IllegalArgumentException("\"" + address + "\" is no e-mail address."));
    AddressState state = AddressState.ofLabel(row.getOrDefault("state", ""));
    if (state == AddressState.WITH_ERRORS) {
      throw new IllegalArgumentException("with_errors is counted, it cannot be set.");
    }
    String reason = row.getOrDefault("reason", "");
    String source = plain(row.getOrDefault("source", ""));
    String date = row.getOrDefault("date", "");
    return new Line(
        key,
        state,
        reason.isEmpty() ? null : reason(reason),
        source.substring(0, Math.min(SOURCE_CHARS_MAX, source.length())),
        date.isEmpty() ? Instant.EPOCH : date(date));
  }

  private static Integer reason(String text) {
    return Reason.ofCode(text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : -1)
        .map(Reason::code)
        .orElseThrow(
            () -> new IllegalArgumentException("\"" + text + "\" is no reason code (spec B1)."));
  }

  private static Instant date(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is no date such as 2026-03-01T08:00:00Z.", e);
    }
  }

  private boolean set(Handle handle, Line line, String who) {
    Instant now = clock.instant();
    addresses.insertValid(
        handle, line.address(), line.address().substring(line.address().lastIndexOf('@') + 1), now);
    AddressEntry row = addresses.lock(handle, line.address()).orElseThrow();
    if (row.state() == line.state()) {
      return false;
    }
    boolean clean = line.state() == AddressState.VALID || line.state() == AddressState.ALLOWLISTED;
    Instant at = line.date().equals(Instant.EPOCH) ? now : line.date();
    AddressEntry next =
        new AddressEntry(
            row.address(),
            row.domain(),
            line.state(),
            clean ? 0 : row.errors(),
            clean ? null : line.reason(),
            line.source().isEmpty() ? null : line.source(),
            null,
            clean ? row.lastErrorAt() : at,
            clean ? null : row.lastSignificantAt(),
            now);
    writer.byHand(
        handle,
        row,
        next,
        line.reason(),
        new AddressWriter.ByHand(who, "Imported. " + line.source()));
    return true;
  }

  private static String harmless(String cell) {
    return !cell.isEmpty() && FORMULA.indexOf(cell.charAt(0)) >= 0 ? "'" + cell : cell;
  }

  private static String plain(String cell) {
    return cell.length() > 1 && cell.charAt(0) == '\'' && FORMULA.indexOf(cell.charAt(1)) >= 0
        ? cell.substring(1)
        : cell;
  }
}
