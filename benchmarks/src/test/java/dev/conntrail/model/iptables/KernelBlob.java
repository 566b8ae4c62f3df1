package dev.conntrail.model.iptables;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

/**
 * A process of its own, in a namespace into which rules were loaded: writes the blob of a table as
 * the kernel gives it (getsockopt, IPT_SO_GET_INFO and IPT_SO_GET_ENTRIES) to standard output.
 */
public final class KernelBlob {
  private static final int INFO = 64;
  private static final int ENTRIES = 65;
  private static final int INFO_BYTES = 84;
  private static final int INFO_SIZE = 80;
  private static final int NAME = 32;
  private static final int HEAD = 40;

  private KernelBlob() {}

  public static void main(String[] arguments) throws Throwable {
    Linker linker = Linker.nativeLinker();
    MethodHandle socket =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("socket"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT));
    MethodHandle getsockopt =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("getsockopt"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.ADDRESS));
    try (Arena arena = Arena.ofConfined()) {
      int fd = (int) socket.invokeExact(2, 3, 255);
      MemorySegment info = arena.allocate(INFO_BYTES, 8);
      info.setString(0, arguments[0], StandardCharsets.US_ASCII);
      int done =
          (int)
              getsockopt.invokeExact(
                  fd, 0, INFO, info, arena.allocateFrom(ValueLayout.JAVA_INT, INFO_BYTES));
      int size = info.get(ValueLayout.JAVA_INT, INFO_SIZE);
      MemorySegment entries = arena.allocate(HEAD + size, 8);
      entries.setString(0, arguments[0], StandardCharsets.US_ASCII);
      entries.set(ValueLayout.JAVA_INT, NAME, size);
      done |=
          (int)
              getsockopt.invokeExact(
                  fd, 0, ENTRIES, entries, arena.allocateFrom(ValueLayout.JAVA_INT, HEAD + size));
      if (done != 0) {
        throw new IllegalStateException("getsockopt gave " + done);
      }
      System.out.write(entries.asSlice(HEAD, size).toArray(ValueLayout.JAVA_BYTE));
      System.out.flush();
    }
  }
}
