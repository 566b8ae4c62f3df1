package dev.conntrail.spec;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/**
 * A request and what is taken from its reply. What the client's libraries send is {@link #ECHO}.
 *
 * @param method of HTTP; gRPC's is always POST, WebSocket's GET
 * @param path of the request, for gRPC that of the method ({@code /package.Service/Method}); empty
 *     for the one at which an echo answers the protocol
 * @param fields of the request's head; a {@code Host} takes the place of the target's address
 * @param bodyBase64 of the request, the message of gRPC as protobuf writes it, the text of a
 *     WebSocket message, in Base64; the method of echo needs none
 * @param teller what says who answered
 * @param tells the name of a field for {@link Teller#FIELD}, a regular expression for {@link
 *     Teller#PATTERN}, of which the first group counts if it has one; else empty
 * @param statuses of HTTP that are an answer; others are failures. None for all of 200 to 299
 */
public record Exchange(
    String method,
    String path,
    List<Field> fields,
    String bodyBase64,
    Teller teller,
    String tells,
    Set<Integer> statuses) {
  private static final int WELL = 200;
  private static final int NOT_WELL = 300;

  /** What is asked of Conntrail's own pods. */
  public static final Exchange ECHO =
      new Exchange("GET", "", List.of(), "", Teller.ECHO, "", Set.of(WELL));

  /** A field of a request's head. */
  public record Field(String name, String value) {}

  /** What says which pod answered. */
  public enum Teller {
    /** The line of Conntrail's echo. */
    ECHO,
    /** A field of the reply's head, or of the trailers. */
    FIELD,
    /** What a regular expression finds in the first bytes of the reply's body. */
    PATTERN,
    /** Nothing. */
    NOTHING
  }

  public Exchange {
    fields = List.copyOf(fields);
    statuses = Set.copyOf(statuses);
  }

  /** The bytes of the body. */
  public byte[] body() {
    return Base64.getDecoder().decode(bodyBase64);
  }

  /** The path, or that of an echo. */
  public String pathOr(String ofEcho) {
    return path.isEmpty() ? ofEcho : path;
  }

  /** The body, or, if it is empty, that which an echo is sent. */
  public byte[] bodyOr(String ofEcho) {
    return bodyBase64.isEmpty() ? ofEcho.getBytes(StandardCharsets.UTF_8) : body();
  }

  /** Whether a status is an answer. */
  public boolean answers(int status) {
    return statuses.isEmpty() ? status >= WELL && status < NOT_WELL : statuses.contains(status);
  }

  /** What a request's {@code Host} is. */
  public String hostOr(String ofTarget) {
    return fields.stream()
        .filter(f -> f.name().equalsIgnoreCase("host"))
        .map(Field::value)
        .findFirst()
        .orElse(ofTarget);
  }
}
