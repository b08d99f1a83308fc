package dev.retour.events;

import java.util.List;

/** Files in a table of another database: one statement finds the bytes of a key. */
final class TableStore implements FileStore {
  private final String id;
  private final String source;
  private final String sql;
  private final FileTables tables;

  TableStore(String id, String source, String sql, FileTables tables) {
    this.id = id;
    this.source = source;
    this.sql = sql;
    this.tables = tables;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public FileAnswer fetch(String key, int bytesMax) {
    FileTables.Rows rows = tables.ask(source, sql, key);
    if (rows instanceof FileTables.Rows.Away away) {
      return new FileAnswer.Away("The store " + id + " does not answer: " + away.because());
    }
    List<byte[]> found = ((FileTables.Rows.Found) rows).bytes();
    if (found.size() > 1) {
      return new FileAnswer.Refused("the key of one file in the store " + id, "several files");
    }
    if (found.isEmpty() || found.get(0).length == 0) {
      return new FileAnswer.Refused("the key of a file in the store " + id, "no such file");
    }
    byte[] bytes = found.get(0);
    return bytes.length > bytesMax
        ? FolderStore.tooLong(bytesMax, bytes.length + " bytes")
        : new FileAnswer.Found(bytes);
  }
}
