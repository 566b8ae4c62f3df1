package dev.conntrail.posix;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Optional;

/** How functions of the C library are called, each with the errno that it leaves. */
final class NativeCalls {
  static final MemoryLayout INT = ValueLayout.JAVA_INT;
  static final MemoryLayout LONG = ValueLayout.JAVA_LONG;
  static final MemoryLayout POINTER = ValueLayout.ADDRESS;

  /** Where a call leaves its errno. */
  static final StructLayout CAPTURE = Linker.Option.captureStateLayout();

  private static final VarHandle ERRNO = CAPTURE.varHandle(PathElement.groupElement("errno"));
  private static final Linker LINKER = Linker.nativeLinker();

  private NativeCalls() {}

  /** A function that gives an int. */
  static MethodHandle of(String name, MemoryLayout... arguments) {
    return find(name, FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments)).orElseThrow();
  }

  /** A function that gives a long. */
  static MethodHandle ofLong(String name, MemoryLayout... arguments) {
    return find(name, FunctionDescriptor.of(ValueLayout.JAVA_LONG, arguments)).orElseThrow();
  }

  /**
   * A function that gives a long, takes memory of Java's heap as well, and never waits: the thread
   * does not leave Java for it, which is what most of a short call costs, and no collection can
   * begin before it returns.
   */
  static MethodHandle ofLongAtOnce(String name, MemoryLayout... arguments) {
    return find(
            name,
            FunctionDescriptor.of(ValueLayout.JAVA_LONG, arguments),
            Linker.Option.critical(true))
        .orElseThrow();
  }

  /** A function that gives an int, whose arguments are variadic but for so many. */
  static MethodHandle ofVariadic(String name, int fixed, MemoryLayout... arguments) {
    return find(
            name,
            FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments),
            Linker.Option.firstVariadicArg(fixed))
        .orElseThrow();
  }

  /** A function that this C library may not have. */
  static Optional<MethodHandle> find(String name, FunctionDescriptor shape, Linker.Option... more) {
    Linker.Option[] options = Arrays.copyOf(more, more.length + 1);
    options[more.length] = Linker.Option.captureCallState("errno");
    return LINKER.defaultLookup().find(name).map(f -> LINKER.downcallHandle(f, shape, options));
  }

  /** What a call left. */
  static int errno(MemorySegment capture) {
    return (int) ERRNO.get(capture, 0L);
  }

  /** What a call threw, which none does. */
  static IllegalStateException unexpected(Throwable e) {
    if (e instanceof Error error) {
      throw error;
    }
    return new IllegalStateException(e);
  }
}
