package dev.conntrail.cli;

import dev.conntrail.load.client.Targets;
import dev.conntrail.spec.Exchange;
import dev.conntrail.spec.Exchange.Teller;
import dev.conntrail.spec.Protocol;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What is sent to a server that is no Conntrail echo, and how its replies say who answered. */
final class ExchangeOptions {
  private static final String METHOD = "[A-Z]+";
  private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
  private static final int LEAST_STATUS = 200;
  private static final int LARGEST_STATUS = 599;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--method",
      paramLabel = "WORD",
      description = "Of http1, http2 and short-lived (default: GET, with a body POST).")
  private String method;

  @Option(
      names = "--path",
      paramLabel = "PATH",
      description = "What is asked for, of HTTP and WebSocket (default: what an echo has).")
  private String path;

  @Mixin private GrpcOptions grpc;

  @Option(
      names = "--header",
      paramLabel = "FIELD",
      description =
          "'NAME: VALUE' of each request, once or more; Host takes the place of the address.")
  private List<String> headers = List.of();

  @Option(
      names = "--body",
      paramLabel = "TEXT",
      description = "Body of each request, WebSocket message, or gRPC message as JSON.")
  private String body;

  @Option(
      names = "--body-file",
      paramLabel = "FILE",
      description = "The same, from a file; what is no UTF-8 is a binary message of WebSocket.")
  private Path bodyFile;

  @Option(
      names = "--expect-status",
      paramLabel = "N",
      split = ",",
      description =
          "Statuses of http1, http2 and short-lived that are an answer; others are failures (default: 200 to 299).")
  private Set<Integer> statuses = Set.of();

  @Option(
      names = "--pod-header",
      paramLabel = "NAME",
      description = "The field of replies (of gRPC: or of trailers) that names who answered.")
  private String podHeader;

  @Option(
      names = "--pod-pattern",
      paramLabel = "REGEX",
      description =
          "What names who answered in a reply's first 4096 bytes: its first group, or all of it.")
  private String podPattern;

  @Option(
      names = "--no-pods",
      description =
          "Replies do not say who answered. Where connections went is then told by the kernel's table of load's own network namespace (which takes root and the program conntrack), by address and port.")
  private boolean noPods;

  /** Whether the server is another than an echo. */
  boolean given() {
    return method != null
        || path != null
        || grpc.given()
        || !headers.isEmpty()
        || body != null
        || bodyFile != null
        || !statuses.isEmpty()
        || podHeader != null
        || podPattern != null
        || noPods;
  }

  /**
   * The exchange.
   *
   * @param targets of which the first is asked what its gRPC method takes, where nothing else says
   * @throws ParameterException naming what is not understood, and what is allowed
   */
  Exchange exchange(Protocol protocol, List<String> targets) {
    if (!given()) {
      return Exchange.ECHO;
    }
    Teller teller = teller(protocol);
    checkStatuses(protocol);
    List<Exchange.Field> fields = headers.stream().map(h -> field(protocol, h)).toList();
    String path = path(protocol);
    byte[] body = body();
    if (protocol.grpc()) {
      body = grpc.message(protocol, body, new Targets(targets).now(), fields);
    }
    String base64 = Base64.getEncoder().encodeToString(body);
    return new Exchange(
        method(base64),
        path,
        fields,
        base64,
        teller,
        switch (teller) {
          case FIELD -> podHeader.toLowerCase(Locale.ROOT);
          case PATTERN -> podPattern;
          case ECHO, NOTHING -> "";
        },
        statuses);
  }

  /** WebSocket's is always 101, and gRPC says how a call went in its trailers. */
  private void checkStatuses(Protocol protocol) {
    String of = " with protocol " + protocol.word();
    String allowed = "it with http1, http2, short-lived";
    if (method != null && !protocol.repliesHaveStatuses()) {
      throw refuse("--method", method + of, allowed);
    }
    for (int status : statuses) {
      if (!protocol.repliesHaveStatuses()) {
        throw refuse("--expect-status", status + of, allowed);
      }
      if (status < LEAST_STATUS || status > LARGEST_STATUS) {
        String range = "from " + LEAST_STATUS + " to " + LARGEST_STATUS;
        throw refuse("--expect-status", Integer.toString(status), range);
      }
    }
  }

  private String method(String base64) {
    if (method == null) {
      return base64.isEmpty() ? "GET" : "POST";
    }
    if (!method.matches(METHOD)) {
      throw refuse("--method", method, "a word in capitals");
    }
    return method;
  }

  private String path(Protocol protocol) {
    grpc.check(protocol, body != null || bodyFile != null);
    if (protocol.grpc()) {
      if (path != null) {
        throw refuse("--path", path, "--grpc-method with protocol " + protocol.word());
      }
      return grpc.path();
    }
    if (path != null && !(path.startsWith("/") && path.chars().allMatch(c -> c > ' ' && c < 127))) {
      throw refuse("--path", path, "one that begins with / and has no blanks");
    }
    return path == null ? "" : path;
  }

  private Exchange.Field field(Protocol protocol, String header) {
    int colon = header.indexOf(':');
    String name = colon < 0 ? "" : header.substring(0, colon).strip();
    String value = header.substring(colon + 1).strip();
    if (!name.matches(TOKEN) || value.chars().anyMatch(c -> c < ' ' || c > 126)) {
      throw refuse("--header", header, "'NAME: VALUE'");
    }
    if (List.of("content-length", "transfer-encoding", "connection")
        .contains(name.toLowerCase(Locale.ROOT))) {
      throw refuse("--header", header, "fields that do not frame messages");
    }
    if (protocol.grpc() && List.of("te", "content-type").contains(name.toLowerCase(Locale.ROOT))) {
      throw refuse("--header", header, "fields that gRPC does not have by itself");
    }
    return new Exchange.Field(name, value);
  }

  private byte[] body() {
    if (body != null && bodyFile != null) {
      throw refuse("--body-file", bodyFile.toString(), "that or --body");
    }
    if (bodyFile == null) {
      return body == null ? new byte[0] : body.getBytes(StandardCharsets.UTF_8);
    }
    try {
      return Files.readAllBytes(bodyFile);
    } catch (IOException e) {
      throw refuse("--body-file", bodyFile.toString(), "a file that can be read");
    }
  }

  private Teller teller(Protocol protocol) {
    List<Teller> asked = new ArrayList<>();
    if (podHeader != null) {
      asked.add(Teller.FIELD);
    }
    if (podPattern != null) {
      asked.add(Teller.PATTERN);
    }
    if (noPods) {
      asked.add(Teller.NOTHING);
    }
    if (asked.size() > 1) {
      String one = "one of --pod-header, --pod-pattern, --no-pods";
      throw podHeader != null
          ? refuse("--pod-header", podHeader, one)
          : refuse("--pod-pattern", podPattern, one);
    }
    if (podHeader != null && (!podHeader.matches(TOKEN) || !protocol.repliesHaveFields())) {
      throw refuse("--pod-header", podHeader, "a field's name; with websocket --pod-pattern");
    }
    if (podPattern != null) {
      check(podPattern);
    }
    return asked.isEmpty() ? Teller.ECHO : asked.getFirst();
  }

  private void check(String pattern) {
    try {
      Pattern _ = Pattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      throw refuse("--pod-pattern", pattern, "a regular expression (" + e.getDescription() + ")");
    }
  }

  private ParameterException refuse(String option, String found, String allowed) {
    return Refusals.of(spec, option, found, allowed);
  }
}
