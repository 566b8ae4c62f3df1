package dev.conntrail.cli;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Whose results are: what root writes into a user's folder, from a container or by sudo, is that
 * user's, who otherwise could not delete it.
 */
final class ResultOwner {
  private static final String USER = "unix:uid";
  private static final String GROUP = "unix:gid";
  private static final Integer ROOT = 0;

  private ResultOwner() {}

  /**
   * Gives what is root's of a file, or of a folder with all in it, to the owner and the group of
   * the folder that it lies in. Does nothing unless this process is root; where the file system
   * refuses, says so and leaves it at that.
   */
  static void give(Path path) {
    Path parent = path.toAbsolutePath().normalize().getParent();
    if (!"root".equals(System.getProperty("user.name")) || parent == null) {
      return;
    }
    try {
      give(path, Files.getAttribute(parent, USER), Files.getAttribute(parent, GROUP));
    } catch (IOException e) {
      System.err.println(path + " stays root's: " + e.getMessage());
    }
  }

  private static void give(Path tree, Object user, Object group) throws IOException {
    if (user.equals(ROOT)) {
      return;
    }
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes)
              throws IOException {
            return visitFile(dir, attributes);
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            // a link itself, never what it names
            if (Files.getAttribute(file, USER, LinkOption.NOFOLLOW_LINKS).equals(ROOT)) {
              Files.setAttribute(file, USER, user, LinkOption.NOFOLLOW_LINKS);
              Files.setAttribute(file, GROUP, group, LinkOption.NOFOLLOW_LINKS);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
