package dev.retour.mail;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Header fields of one mail or part in their order, unfolded, names without regard to case. */
final class Fields {
  private static final int FEW = 8;

  private final List<String> names = new ArrayList<>();

  /** Text, or the bytes of a field nobody has asked for yet: most are never looked at. */
  private final List<Object> values = new ArrayList<>();

  /** One bit of these is set for each name: most names that are asked for are not there. */
  private long filed;

  private static final class Raw {
    private final byte[] field;
    private final int max;

    Raw(byte[] field, int max) {
      this.field = field;
      this.max = max;
    }
  }

  /** Adds a field; {@code name} in lower case. */
  void add(String name, String value) {
    add(name, (Object) value);
  }

  /** Adds a field as it came, decoded and cut when first asked for; {@code name} in lower case. */
  void add(String name, byte[] field, int max) {
    add(name, new Raw(field, max));
  }

  private void add(String name, Object value) {
    names.add(name);
    values.add(value);
    filed |= bit(name);
  }

  private static long bit(String name) {
    return 1L << ((name.hashCode() * 0x9e3779b1) >>> 26); // the upper 6 bits
  }

  private int indexOf(String name) {
    return (filed & bit(name)) == 0 ? -1 : names.indexOf(name);
  }

  private String value(int at) {
    Object value = values.get(at);
    if (value instanceof Raw raw) {
      value = TextDecoder.header(raw.field, raw.max);
      values.set(at, value);
    }
    return (String) value;
  }

  int size() {
    return names.size();
  }

  boolean has(String name) {
    return indexOf(name) >= 0;
  }

  /** The first value as written, or null; {@code name} in lower case. */
  @Nullable String first(String name) {
    int at = indexOf(name);
    return at < 0 ? null : value(at);
  }

  /** The first value, trimmed and in lower case; empty when there is none. */
  String lower(String name) {
    String value = first(name);
    return value == null ? "" : value.strip().toLowerCase(Locale.ROOT);
  }

  List<String> all(String name) {
    List<String> all = new ArrayList<>(2);
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).equals(name)) {
        all.add(value(i));
      }
    }
    return all;
  }

  /** The first address of the first field of that name, or null. */
  @Nullable EmailAddress address(String name) {
    String value = first(name);
    if (value == null) {
      return null;
    }
    List<Span.Found> found = Span.findAll(value, 1);
    return found.isEmpty() ? EmailAddress.parse(value).orElse(null) : found.get(0).address();
  }

  /** Adds the addresses of all fields of that name, each once, until there are {@code max}. */
  void collect(String name, List<EmailAddress> into, int max) {
    int first = indexOf(name);
    if (first < 0) {
      return;
    }
    Set<EmailAddress> known = null; // looking through a few costs less than a set of them
    for (int i = first; i < names.size() && into.size() < max; i++) {
      if (names.get(i).equals(name)) {
        String value = value(i);
        String list = value.indexOf('@') < 0 ? TextDecoder.words(value) : value;
        for (Span.Found found : Span.findAll(list, max)) {
          EmailAddress address = found.address();
          known = known == null && into.size() >= FEW ? new HashSet<>(into) : known;
          boolean fresh = known == null ? !into.contains(address) : known.add(address);
          if (into.size() < max && fresh) {
            into.add(address);
          }
        }
      }
    }
  }

  /** A Message-ID without its angle brackets, or null. */
  @Nullable String messageId(String name) {
    String value = first(name);
    if (value == null) {
      return null;
    }
    int open = value.indexOf('<');
    int close = value.indexOf('>', open + 1);
    String bare = open >= 0 && close > open ? value.substring(open + 1, close) : value;
    String id = DiagnosticText.oneLine(bare);
    return id.isEmpty() || id.length() > 998 ? null : id;
  }

  /** Reads header fields that stand in a text, up to the first empty line behind them. */
  static Fields parse(String text, int fieldsMax, int fieldMax) {
    Fields fields = new Fields();
    String name = null;
    StringBuilder value = new StringBuilder();
    for (String line : (Iterable<String>) text.lines()::iterator) {
      boolean folded = !line.isEmpty() && (line.charAt(0) == ' ' || line.charAt(0) == '\t');
      int colon = folded ? -1 : line.indexOf(':');
      if (folded && name != null) {
        if (value.length() < fieldMax) {
          value.append(' ').append(line, 0, Math.min(line.length(), fieldMax));
        }
      } else if (colon > 0 && isName(line, colon)) {
        if (name != null) {
          fields.add(name, value.toString());
        }
        name = FieldNames.lower(line.substring(0, colon));
        value.setLength(0);
        value.append(line, colon + 1, Math.min(line.length(), colon + 1 + fieldMax));
      } else if (line.isBlank() && fields.size() > 0) {
        break;
      }
      if (fields.size() >= fieldsMax) {
        return fields;
      }
    }
    if (name != null) {
      fields.add(name, value.toString());
    }
    return fields;
  }

  /** Whether the characters before the colon can be the name of a field (RFC 5322 2.2). */
  static boolean isName(String line, int colon) {
    if (colon < 2 || colon > 60) {
      return false;
    }
    for (int i = 0; i < colon; i++) {
      char c = line.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (!(letter || (c >= '0' && c <= '9') || c == '-' || c == '_')) {
        return false;
      }
    }
    return true;
  }
}
