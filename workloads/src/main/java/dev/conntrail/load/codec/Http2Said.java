package dev.conntrail.load.codec;

/** What the fields of a reply of HTTP/2 have said so far. */
final class Http2Said {
  int status;
  long length;
  int grpcStatus;
  String grpcMessage = "";
  String seen = "";

  void clear() {
    status = Http2Reply.NONE;
    length = Http2Reply.NONE;
    grpcStatus = Http2Reply.NONE;
    grpcMessage = "";
    seen = "";
  }

  /** It is as another from now on, or, where that is of trailers, in what these may say. */
  void become(Http2Said other, boolean trailers) {
    if (!trailers) {
      status = other.status;
      length = other.length;
    }
    grpcStatus = other.grpcStatus;
    grpcMessage = other.grpcMessage;
    seen = other.seen;
  }
}
