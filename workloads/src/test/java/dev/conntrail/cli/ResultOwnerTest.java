package dev.conntrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.Privileged;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Privileged
class ResultOwnerTest {
  private static final int USER = 1234;
  private static final int GROUP = 2345;

  @TempDir private Path folder;

  private static Path own(Path file, int user, int group) throws IOException {
    Files.setAttribute(file, "unix:uid", user);
    return Files.setAttribute(file, "unix:gid", group);
  }

  private static int[] owner(Path file) throws IOException {
    return new int[] {
      (int) Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS),
      (int) Files.getAttribute(file, "unix:gid", LinkOption.NOFOLLOW_LINKS)
    };
  }

  @Test
  void whatRootWroteIntoAUsersFolderIsTheUsersAndNothingBeyond() throws Exception {
    Path beyond = Files.writeString(folder.resolve("beyond"), "");
    Path results = own(Files.createDirectory(folder.resolve("results")), USER, GROUP);
    Path other = Files.writeString(results.resolve("other"), "");
    Path run = Files.createDirectory(results.resolve("run"));
    Path table =
        Files.writeString(Files.createDirectory(run.resolve("cells")).resolve("a.csv"), "");
    Path theirs = own(Files.writeString(run.resolve("theirs"), ""), 3456, 3456);
    Path link = Files.createSymbolicLink(run.resolve("link"), beyond);

    ResultOwner.give(run);

    for (Path given : new Path[] {run, table.getParent(), table, link}) {
      assertThat(owner(given)).as(given.toString()).containsExactly(USER, GROUP);
    }
    for (Path left : new Path[] {beyond, other}) {
      assertThat(owner(left)).as(left.toString()).containsExactly(0, 0);
    }
    assertThat(owner(theirs)).containsExactly(3456, 3456);
  }

  @Test
  void inRootsFolderNothingChanges() throws Exception {
    Path run = own(Files.createDirectory(folder.resolve("run")), USER, GROUP);
    Path table = Files.writeString(run.resolve("a.csv"), "");

    ResultOwner.give(run);

    assertThat(owner(run)).containsExactly(USER, GROUP);
    assertThat(owner(table)).containsExactly(0, 0);
  }
}
