package dev.conntrail.experiment;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Tells other runs that a folder is being written to: a lock on a file in it, which the kernel
 * drops when the process ends, however it ends. A process id would not do: in a container every run
 * is process 1.
 */
final class WriterLock {
  private static final String FILE = "writer.lock";

  private final Path file;
  private final FileChannel channel;

  private WriterLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /** Takes it for a folder that is new. */
  static WriterLock take(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    channel.lock();
    return new WriterLock(file, channel);
  }

  /** Whether somebody holds it. */
  static boolean held(Path folder) {
    try (FileChannel channel = FileChannel.open(folder.resolve(FILE), StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      return lock == null;
    } catch (OverlappingFileLockException _) {
      return true;
    } catch (NoSuchFileException _) {
      return false;
    } catch (IOException _) {
      // no way to tell: what may be live is left alone
      return true;
    }
  }

  /** Lets the folder go, and leaves nothing in it. */
  void release() throws IOException {
    Files.delete(file);
    channel.close();
  }
}
