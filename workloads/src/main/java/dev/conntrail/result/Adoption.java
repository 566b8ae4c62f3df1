package dev.conntrail.result;

import dev.conntrail.result.row.LogRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Takes over what was measured in another folder of the same run, as a guest leaves it. */
public final class Adoption {
  private Adoption() {}

  /**
   * Takes over its rows, repetitions and logs, and its environment as the guest's.
   *
   * @param lateMs what its times since the run began are late by
   */
  public static void adopt(RunFolder mine, RunFolder other, double lateMs) throws IOException {
    for (Table<?> table : Tables.OF_A_RUN) {
      if (!table.is(Tables.LOG)) {
        append(mine, other, table);
      }
    }
    mine.append(Tables.LOG, other.rows(Tables.LOG).stream().map(r -> later(r, lateMs)).toList());
    FileTrees.moveInto(other.cells(), mine.cells(), "");
    FileTrees.moveInto(other.path().resolve("logs"), mine.logs(), "uml-");
    Files.move(other.environment(), mine.guestEnvironment());
  }

  private static <R extends Record> void append(RunFolder mine, RunFolder other, Table<R> table)
      throws IOException {
    mine.append(table, other.rows(table));
  }

  private static LogRow later(LogRow r, double ms) {
    return new LogRow(r.run(), r.cellId(), r.repetition(), r.atMs() + ms, r.step(), r.detail());
  }

  /** Takes over what a guest had measured when it ended before its time; its folder goes. */
  public static void adoptLeft(RunFolder mine) throws IOException {
    List<Path> left = FileTrees.list(mine.guest().resolve("results"));
    for (Path folder : left) {
      RunFolder guest = new RunFolder(folder);
      if (Files.exists(guest.of(Tables.SUMMARY))) {
        adopt(mine, guest, 0);
      }
    }
    if (Files.isDirectory(mine.guest())) {
      FileTrees.delete(mine.guest());
    }
  }
}
