package dev.conntrail.load.client;

import dev.conntrail.load.codec.OtherPort;

/** What is said of a reply whose status of HTTP is no answer, with what mends it. */
public final class OtherStatus {
  private static final int REDIRECTION = 300;

  private OtherStatus() {}

  /** Of a server that was asked what only an echo is asked. */
  public static String ofEcho(int status) {
    return asksAmiss(status)
        ? said(status) + "; mend: of another server --path, --method and --header say what is asked"
        : said(status);
  }

  /** Of any other server. */
  public static String of(int status) {
    String counts = "where that is an answer, --expect-status " + status;
    return said(status)
        + "; mend: "
        + (asksAmiss(status) ? "another --path, --method or --header; " : "")
        + counts;
  }

  private static String said(int status) {
    return "HTTP status " + status;
  }

  /** Whether it is rather the request that is to be another than the server. */
  private static boolean asksAmiss(int status) {
    return status >= REDIRECTION && !OtherPort.serversOwn(status);
  }
}
