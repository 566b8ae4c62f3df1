package dev.conntrail.result;

import dev.conntrail.result.row.CellRow;
import dev.conntrail.spec.CellId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** How a result folder is laid out, and how its tables come to be those of this version. */
interface Schema {
  /** What was run. */
  Manifest manifest();

  /** Where a table of the run is. */
  Path file(Table<?> table);

  /** Whether a whole folder may be without a table of the run. */
  boolean mayLack(Table<?> table);

  /**
   * The same table with the columns of this version.
   *
   * @throws IOException if it lacks one that folders of this layout have
   */
  RawTable upgraded(Table<?> table, RawTable raw) throws IOException;

  /**
   * The rows of cells, once they are read.
   *
   * @param problems told of each that is left out
   */
  List<CellRow> cells(List<CellRow> read, Consumer<String> problems);

  /** A file of a repetition. */
  RawFile raw(CellId cell, int number, String name);

  /**
   * The same table of a repetition with the columns of this version.
   *
   * @throws IOException likewise
   */
  RawTable upgraded(Table<?> table, RawTable raw, CellId cell, int number) throws IOException;

  /** What folders of this layout lack, a sentence each. */
  List<String> lacks();

  /**
   * That of a folder.
   *
   * @throws IOException if it is none, or newer than this program, with the file
   */
  static Schema of(RunFolder folder) throws IOException {
    Version version = Json.readLoosely(folder.manifest(), Version.class);
    if (version.schema() < 1) {
      throw new IOException(
          folder.manifest() + ": schema: found " + version.schema() + "; allowed: 1 or more");
    }
    if (version.schema() > Manifest.SCHEMA) {
      throw new IOException(
          folder.manifest()
              + ": schema "
              + version.schema()
              + " is newer than this Conntrail reads (up to "
              + Manifest.SCHEMA
              + "); mend: the version that wrote it, or a newer one");
    }
    return switch (version.schema()) {
      case 1 -> new Schema1(folder);
      case 2 -> new Schema2(folder);
      case 3 -> new Schema3(folder);
      case 4 -> new Schema4(folder);
      default -> new Schema5(folder);
    };
  }

  /** Whether all its repetitions have a table. */
  default boolean has(Table<?> table) {
    return true;
  }

  /** The one field of {@code manifest.json} that every version has. */
  record Version(int schema) {}
}
