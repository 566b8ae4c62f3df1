package dev.conntrail.posix;

/** Numbers of errors, as Linux has them on all 64-bit machines (asm-generic/errno.h). */
public final class Errno {
  public static final int EINTR = 4;
  public static final int EAGAIN = 11;
  public static final int EPIPE = 32;
  public static final int ENOSYS = 38;
  public static final int EADDRINUSE = 98;
  public static final int EADDRNOTAVAIL = 99;
  public static final int ENETUNREACH = 101;
  public static final int ECONNRESET = 104;
  public static final int ETIMEDOUT = 110;
  public static final int ECONNREFUSED = 111;
  public static final int EHOSTUNREACH = 113;
  public static final int EINPROGRESS = 115;

  private Errno() {}

  /** What it means, in the words that Java's own sockets use. */
  public static String text(int errno) {
    return switch (errno) {
      case EPIPE -> "Broken pipe";
      case EADDRINUSE -> "Address already in use";
      case EADDRNOTAVAIL -> "Cannot assign requested address";
      case ENETUNREACH -> "Network is unreachable";
      case ECONNRESET -> "Connection reset";
      case ETIMEDOUT -> "Connection timed out";
      case ECONNREFUSED -> "Connection refused";
      case EHOSTUNREACH -> "No route to host";
      default -> "errno " + errno;
    };
  }
}
