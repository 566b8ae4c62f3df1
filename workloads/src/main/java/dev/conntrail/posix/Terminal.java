package dev.conntrail.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Whether a stream is a terminal, and how wide that is. Nothing of the terminal is changed: neither
 * its settings nor what its signals do.
 */
public final class Terminal {
  /** Standard output. */
  public static final int OUT = 1;

  /** Standard error. */
  public static final int ERR = 2;

  /** What a terminal is taken for that says 0, as one without a window does. */
  private static final int USUAL_COLUMNS = 80;

  /** {@code struct winsize} of {@code ioctl_tty(2)}: four unsigned shorts, columns the second. */
  private static final int WINSIZE_BYTES = 8;

  private static final int COLUMNS_AT = 2;

  private Terminal() {}

  /**
   * The width of a terminal.
   *
   * @param fd the descriptor of a stream
   * @return in columns; empty if it is no terminal, or this system tells nobody
   */
  public static OptionalInt columns(int fd) {
    Optional<Long> request = windowSizeRequest();
    if (request.isEmpty()) {
      return OptionalInt.empty();
    }
    try (Arena arena = Arena.ofConfined()) {
      Linker linker = Linker.nativeLinker();
      MethodHandle ioctl =
          linker.downcallHandle(
              linker.defaultLookup().findOrThrow("ioctl"),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.ADDRESS),
              Linker.Option.firstVariadicArg(2));
      MemorySegment size = arena.allocate(WINSIZE_BYTES);
      if ((int) ioctl.invokeExact(fd, (long) request.get(), size) != 0) {
        return OptionalInt.empty();
      }
      int columns = Short.toUnsignedInt(size.get(ValueLayout.JAVA_SHORT, COLUMNS_AT));
      return OptionalInt.of(columns == 0 ? USUAL_COLUMNS : columns);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** {@code TIOCGWINSZ}. */
  private static Optional<Long> windowSizeRequest() {
    return switch (System.getProperty("os.name")) {
      case "Linux" -> Optional.of(0x5413L);
      case "Mac OS X" -> Optional.of(0x40087468L);
      default -> Optional.empty();
    };
  }
}
