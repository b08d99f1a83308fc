package dev.retour.qualification;

import dev.retour.config.FileFault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads a folder of rule files and collects what is wrong in them. */
final class RuleFiles {
  private static final String SUFFIX = ".rules.yaml";
  private static final String KNOWN_WORDS = "known-words.txt";
  private static final int FILES_MAX = 100;
  private static final long FILE_BYTES_MAX = 1_000_000;
  private static final int VERSION_CHARS = 12;

  private final List<Rule> rules = new ArrayList<>();
  private final List<FileFault> faults = new ArrayList<>();
  private final MessageDigest hash = sha256();
  private KnownWords knownWords = KnownWords.NONE;

  private RuleFiles() {}

  static RuleFiles read(Path folder) {
    RuleFiles files = new RuleFiles();
    for (Path file : files.list(folder)) {
      files.readFile(file);
    }
    files.readKnownWords(folder.resolve(KNOWN_WORDS));
    files.refuseDuplicateIds();
    return files;
  }

  List<Rule> rules() {
    return rules;
  }

  List<FileFault> faults() {
    return faults;
  }

  KnownWords knownWords() {
    return knownWords;
  }

  String version() {
    try {
      byte[] sum = ((MessageDigest) hash.clone()).digest();
      return HexFormat.of().formatHex(sum).substring(0, VERSION_CHARS);
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("The JDK's SHA-256 cannot be cloned.", e);
    }
  }

  private List<Path> list(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      List<Path> found =
          entries
              .filter(path -> path.getFileName().toString().endsWith(SUFFIX))
              .sorted(Comparator.comparing(path -> path.getFileName().toString()))
              .toList();
      if (found.isEmpty()) {
        fault(folder, "The folder has no file NN-topic" + SUFFIX + ", so nothing can be judged.");
      } else if (found.size() > FILES_MAX) {
        fault(folder, "The folder has more than " + FILES_MAX + " rule files.");
        return List.of();
      }
      return found;
    } catch (IOException e) {
      fault(folder, "The folder of rule files cannot be read (" + e + ").");
      return List.of();
    }
  }

  private void readFile(Path file) {
    String name = file.getFileName().toString();
    Optional<Precedence> precedence = precedence(name);
    if (precedence.isEmpty()) {
      fault(file, "The file name must begin with a number from 10 to 99 and a hyphen.");
      return;
    }
    try {
      if (Files.size(file) > FILE_BYTES_MAX) {
        fault(file, "The file is larger than " + FILE_BYTES_MAX + " bytes.");
        return;
      }
      byte[] bytes = Files.readAllBytes(file);
      hash.update(name.getBytes(StandardCharsets.UTF_8));
      hash.update(bytes);
      String text = new String(bytes, StandardCharsets.UTF_8);
      RuleFileParser parser = new RuleFileParser(name, precedence.get());
      rules.addAll(parser.parse(text));
      faults.addAll(parser.faults());
    } catch (IOException e) {
      fault(file, "The file cannot be read (" + e + ").");
    }
  }

  private void readKnownWords(Path file) {
    Optional<Rule> needing = rules.stream().filter(Rule::knownWordsOnly).findFirst();
    if (needing.isEmpty()) {
      return;
    }
    try {
      if (Files.size(file) > FILE_BYTES_MAX) {
        fault(file, "The file is larger than " + FILE_BYTES_MAX + " bytes.");
        return;
      }
      byte[] bytes = Files.readAllBytes(file);
      hash.update(bytes);
      knownWords = KnownWords.of(new String(bytes, StandardCharsets.UTF_8));
    } catch (IOException e) {
      fault(file, "Rule \"" + needing.get().id() + "\" needs this file (" + e + ").");
    }
  }

  private static Optional<Precedence> precedence(String name) {
    boolean numbered =
        name.length() > 3
            && Character.isDigit(name.charAt(0))
            && Character.isDigit(name.charAt(1))
            && name.charAt(2) == '-';
    return numbered
        ? Precedence.ofFileNumber(Integer.parseInt(name.substring(0, 2)))
        : Optional.empty();
  }

  private void refuseDuplicateIds() {
    Map<String, Rule> byId = new HashMap<>();
    for (Rule rule : rules) {
      Rule first = byId.putIfAbsent(rule.id(), rule);
      if (first != null) {
        faults.add(
            new FileFault(
                rule.file(),
                rule.line(),
                "The id \""
                    + rule.id()
                    + "\" is taken by "
                    + first.file()
                    + ":"
                    + first.line()
                    + "."));
      }
    }
  }

  private void fault(Path at, String text) {
    faults.add(new FileFault(String.valueOf(at.getFileName()), 0, text));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256.", e);
    }
  }
}
