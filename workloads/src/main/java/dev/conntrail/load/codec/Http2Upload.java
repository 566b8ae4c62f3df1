package dev.conntrail.load.codec;

/** What the client says on a stream: as much at a time as the peer's windows allow. */
final class Http2Upload {
  private final Http2Windows windows;
  private boolean open;
  private byte[] data;
  private int at;
  private boolean last;

  Http2Upload(Http2Windows windows) {
    this.windows = windows;
  }

  /** A stream begins, on which there is more to say, or nothing. */
  void begin(boolean more) {
    windows.stream();
    open = more;
    data = null;
  }

  /** Whether the client may still speak. */
  boolean open() {
    return open;
  }

  /** The stream has ended. */
  void end() {
    open = false;
    data = null;
  }

  /** Says this next; the stream is closed behind it if {@code ends}. */
  void send(byte[] bytes, boolean ends) {
    data = bytes;
    at = 0;
    last = ends;
  }

  /** Writes what may be written now. */
  void pump(int stream, Output out) {
    while (data != null) {
      int left = data.length - at;
      int n = windows.frame(left);
      if (left > 0 && n <= 0) {
        return;
      }
      boolean done = n == left;
      boolean ends = done && last;
      Http2Frames.header(out, n, Http2Frames.DATA, ends ? Http2Frames.END_STREAM : 0, stream);
      out.bytes(data, at, n);
      windows.sent(n);
      at += n;
      if (done) {
        data = null;
      }
      open &= !ends;
    }
  }
}
