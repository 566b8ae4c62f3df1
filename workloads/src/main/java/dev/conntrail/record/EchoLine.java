package dev.conntrail.record;

/**
 * The line that every echo reply carries, whatever the protocol: {@code POD NODE CONNECTION
 * REQUEST}.
 *
 * @param pod the pod that answered
 * @param node its node
 * @param connection the number of the connection on that pod, from 1
 * @param request the number of the request on that connection, from 1
 */
public record EchoLine(String pod, String node, long connection, long request) {
  /**
   * Reads a reply.
   *
   * @throws IllegalArgumentException if something else than an echo answered
   */
  public static EchoLine parse(String line) {
    int a = line.indexOf(' ');
    int b = line.indexOf(' ', a + 1);
    int c = line.indexOf(' ', b + 1);
    if (a <= 0 || b <= a + 1 || c <= b + 1) {
      throw refusal(line);
    }
    try {
      return new EchoLine(
          line.substring(0, a),
          line.substring(a + 1, b),
          Long.parseLong(line, b + 1, c, 10),
          Long.parseLong(line, c + 1, line.length(), 10));
    } catch (NumberFormatException e) {
      throw refusal(line);
    }
  }

  /** What is thrown of a body that is no such line: what it begins with, and the mend. */
  public static IllegalArgumentException refusal(String body) {
    String first = FirstLine.of(body);
    String begins = first.isEmpty() ? "it is empty" : "it begins with '" + first + "'";
    return new IllegalArgumentException(
        "the body is no line of Conntrail's echo (POD NODE CONNECTION REQUEST): "
            + begins
            + "; mend: of another server --pod-header NAME or --pod-pattern REGEX says where its"
            + " replies name who answered, --no-pods that they do not");
  }

  @Override
  public String toString() {
    return pod + " " + node + " " + connection + " " + request;
  }
}
