package dev.conntrail.load.codec;

import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a server must say as it changes to WebSocket, and what it may not (RFC 6455, section 4.1).
 * It comes once for each connection, so it is read by itself.
 */
final class WebSocketWelcome {
  private static final String PROTOCOL = "Sec-WebSocket-Protocol";

  private final String accept;
  private final List<String> protocols;

  /**
   * That of a handshake.
   *
   * @param accept what answers its key
   * @param asked its fields, which may ask for subprotocols
   */
  WebSocketWelcome(String accept, List<Http1Request.Field> asked) {
    this.accept = accept;
    this.protocols =
        asked.stream()
            .filter(f -> f.name().equalsIgnoreCase(PROTOCOL))
            .flatMap(f -> Arrays.stream(f.value().split(",")))
            .map(String::strip)
            .toList();
  }

  /**
   * Checks one.
   *
   * @param in has a head of status 101, whose lines are well made
   * @throws ProtocolException naming what is missing, or was not asked for
   */
  void check(byte[] in, int from, int end) throws ProtocolException {
    Map<String, String> fields =
        fields(new String(in, from, end - from, StandardCharsets.ISO_8859_1));
    demand("websocket".equalsIgnoreCase(fields.get("Upgrade")), "no Upgrade: websocket");
    demand(
        Arrays.stream(fields.getOrDefault("Connection", "").split(","))
            .anyMatch(token -> token.strip().equalsIgnoreCase("upgrade")),
        "no Connection: Upgrade");
    demand(
        accept.equals(fields.get("Sec-WebSocket-Accept")), "Sec-WebSocket-Accept is not its own");
    demand(
        !fields.containsKey("Sec-WebSocket-Extensions"),
        "it uses an extension, and this client has none");
    String protocol = fields.get(PROTOCOL);
    demand(
        protocol == null || protocols.contains(protocol),
        "it uses a subprotocol that nobody asked for");
  }

  /** By name, in any case; values of the same name as the list that they are. */
  private static Map<String, String> fields(String head) {
    Map<String, String> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String line : head.split("\r?\n")) {
      int colon = line.indexOf(':');
      if (colon > 0 && line.charAt(0) != ' ' && line.charAt(0) != '\t') {
        fields.merge(
            line.substring(0, colon), line.substring(colon + 1).strip(), (a, b) -> a + "," + b);
      }
    }
    return fields;
  }

  private static void demand(boolean well, String otherwise) throws ProtocolException {
    if (!well) {
      throw new ProtocolException("the server does not change to WebSocket: " + otherwise);
    }
  }
}
