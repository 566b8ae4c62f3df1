package dev.conntrail.proxy;

/**
 * A pod behind a proxy.
 *
 * @param pod its name
 * @param address its IP
 * @param port where it listens
 */
public record Backend(String pod, String address, int port) {
  /** As programs write it. */
  String text() {
    return address + ":" + port;
  }
}
