package dev.conntrail.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackedCellsTest {
  @TempDir private Path folder;
  private RunFolder run;
  private Path archive;

  @BeforeEach
  void make() throws IOException {
    run = new RunFolder(folder.resolve("run"));
    archive = run.packedCells();
    write("0a1b2c3d/rep-01/intervals.csv", "a,b\n1,2\n".repeat(100));
    write("0a1b2c3d/rep-01/latency.hlog", "");
    write("ffffffff/rep-02.FAIL/failure.txt", "µ\n");
    Files.createDirectories(run.cells().resolve("ffffffff/rep-03"));
  }

  private void write(String name, String text) throws IOException {
    Path file = run.cells().resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private Map<String, String> tree() throws IOException {
    Map<String, String> tree = new TreeMap<>();
    try (Stream<Path> all = Files.walk(run.cells())) {
      for (Path file : all.toList()) {
        tree.put(
            run.cells().relativize(file).toString(),
            Files.isDirectory(file) ? "folder" : Files.readString(file));
      }
    }
    return tree;
  }

  @Test
  void whatIsPackedComesBackAsItWas() throws IOException {
    Map<String, String> before = tree();
    PackedCells.Size size = PackedCells.pack(run);
    assertThat(size.files()).isEqualTo(3);
    assertThat(size.bytes()).isEqualTo(803);
    assertThat(size.packedBytes()).isEqualTo(Files.size(archive));
    assertThat(FileTrees.list(run.path())).containsExactly(archive);
    assertThat(PackedCells.unpack(run)).isEqualTo(size);
    assertThat(FileTrees.list(run.path())).containsExactly(run.cells());
    assertThat(tree()).isEqualTo(before);
  }

  @Test
  void theSameFilesGiveTheSameBytes() throws IOException {
    PackedCells.pack(run);
    byte[] first = Files.readAllBytes(archive);
    PackedCells.unpack(run);
    Path file = run.cells().resolve("0a1b2c3d/rep-01/intervals.csv");
    Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
    PackedCells.pack(run);
    assertThat(archive).hasBinaryContent(first);
  }

  @Test
  void aFileIsReadWhereverItIs() throws IOException {
    RawFile there = run.raw("0a1b2c3d", 1, "intervals.csv");
    assertThat(there).hasToString(run.cells() + "/0a1b2c3d/rep-01/intervals.csv");
    String text = TextFiles.read(there);
    PackedCells.pack(run);
    RawFile packed = run.raw("0a1b2c3d", 1, "intervals.csv");
    assertThat(packed).hasToString(archive + "!/0a1b2c3d/rep-01/intervals.csv");
    assertThat(packed.name()).isEqualTo(there.name()).isEqualTo("intervals.csv");
    assertThat(packed.exists()).isTrue();
    assertThat(TextFiles.read(packed)).isEqualTo(text);
    RawFile none = run.raw("0a1b2c3d", 2, "intervals.csv");
    assertThat(none.exists()).isFalse();
    assertThatThrownBy(none::bytes).hasMessage(none + ": no such file");
  }

  /** Killed while it deleted what it had packed, or before it deleted what it had unpacked. */
  @Test
  void whatWasInterruptedGoesOn() throws IOException {
    Map<String, String> before = tree();
    PackedCells.pack(run);
    byte[] packed = Files.readAllBytes(archive);
    write("0a1b2c3d/rep-01/intervals.csv", before.get("0a1b2c3d/rep-01/intervals.csv"));
    PackedCells.pack(run);
    assertThat(archive).hasBinaryContent(packed);
    assertThat(run.cells()).doesNotExist();
    write("0a1b2c3d/rep-01/latency.hlog", "");
    Files.createDirectories(run.path().resolve("cells.partial/left"));
    PackedCells.unpack(run);
    assertThat(tree()).isEqualTo(before);
    Files.writeString(run.path().resolve("cells.zip.partial"), "half");
    PackedCells.pack(run);
    assertThat(archive).hasBinaryContent(packed);
    assertThat(FileTrees.list(run.path())).containsExactly(archive);
  }

  @Test
  void whatDiffersIsKeptOnBothSides() throws IOException {
    PackedCells.pack(run);
    write("0a1b2c3d/rep-01/intervals.csv", "other");
    String message =
        archive + "!/0a1b2c3d/rep-01/intervals.csv: found other bytes than in " + run.cells();
    assertThatThrownBy(() -> PackedCells.pack(run)).hasMessageStartingWith(message);
    assertThatThrownBy(() -> PackedCells.unpack(run)).hasMessageStartingWith(message);
    assertThat(archive).isNotEmptyFile();
    assertThat(tree()).containsEntry("0a1b2c3d/rep-01/intervals.csv", "other");
  }

  @Test
  void whereThereIsNothingToDoItSaysSo() throws IOException {
    assertThatThrownBy(() -> PackedCells.unpack(run))
        .hasMessage(archive + ": no such file; " + run.cells() + " is not packed");
    PackedCells.pack(run);
    assertThatThrownBy(() -> PackedCells.pack(run))
        .hasMessage(run.cells() + ": no such folder; " + archive + " has its files already");
    Files.delete(archive);
    assertThatThrownBy(() -> PackedCells.pack(run)).hasMessage(run.cells() + ": no such folder");
  }

  @Test
  void aLinkIsNotPacked() throws IOException {
    Path link = run.cells().resolve("link");
    Files.createSymbolicLink(link, folder);
    assertThatThrownBy(() -> PackedCells.pack(run))
        .hasMessage(link + ": found no plain file; allowed: files and folders");
    assertThat(archive).doesNotExist();
  }

  /** Cut short, or with a byte that is other than it was. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 40, 50, 60, 100, 200})
  void aDamagedArchiveIsNamedAndKept(int at) throws IOException {
    PackedCells.pack(run);
    byte[] whole = Files.readAllBytes(archive);
    byte[] cut = Arrays.copyOf(whole, at);
    Files.write(archive, cut);
    assertThatThrownBy(() -> PackedCells.unpack(run))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(archive.toString());
    assertThat(archive).hasBinaryContent(cut);
    byte[] changed = whole.clone();
    int data = 30 + "0a1b2c3d/rep-01/intervals.csv".length() + 2;
    changed[data] ^= 0x55;
    Files.write(archive, changed);
    RawFile file = run.raw("0a1b2c3d", 1, "intervals.csv");
    assertThatThrownBy(file::bytes)
        .hasMessage(file + ": found a damaged archive; allowed: what `pack` writes");
  }

  @Test
  void aFileOutsideTheFolderIsRefused() throws IOException {
    try (var zip = new ZipOutputStream(Files.newOutputStream(archive))) {
      zip.putNextEntry(new ZipEntry("../../evil"));
      zip.closeEntry();
    }
    FileTrees.delete(run.cells());
    assertThatThrownBy(() -> PackedCells.unpack(run))
        .hasMessage(archive + ": found a file outside the folder, ../../evil");
    assertThat(folder.resolve("evil")).doesNotExist();
  }
}
