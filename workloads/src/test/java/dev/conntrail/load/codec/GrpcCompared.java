package dev.conntrail.load.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The same calls by the loop's wire and by grpc-java: the same messages, statuses, fields and
 * trailers.
 */
final class GrpcCompared {
  static final String CALL = "shop.v1.Items/Find";
  static final String STREAM = "shop.v1.Items/Chat";

  private static final int TIMES = 3;

  /** Time goes on, and Envoy says how long a server took. */
  private static final List<String> UNLIKE = List.of("date", "x-envoy-upstream-service-time");

  private GrpcCompared() {}

  /** Messages, and statuses that are asked for. */
  static Stream<String> messages() {
    return Stream.concat(
        Stream.of(
            "",
            "a question",
            "0123456789".repeat(20_000),
            "!5",
            "!5 not found",
            "!8 100 % of \"it\", gr\u00f6\u00dfer\n\ttab \u2713 \ud83d\ude00",
            "!13 %41 %zz %",
            "!14  two  blanks "),
        Stream.iterate(1, c -> c + 1).limit(16).map(c -> "!" + c + " code " + c));
  }

  /** Asserts it. */
  static void same(InetSocketAddress server, String method, boolean unary, String message)
      throws Exception {
    byte[] bytes = message.getBytes(UTF_8);
    Map<String, String> library = new LinkedHashMap<>();
    List<String> replies =
        GrpcJavaCalls.calls(server.getPort(), method, unary, bytes, TIMES, library);
    assertThat(replies).hasSize(TIMES).doesNotContainNull();
    assertThat(library).isNotEmpty();
    library.keySet().removeAll(UNLIKE);
    library.put("x-absent", "");
    for (Map.Entry<String, String> field : library.entrySet()) {
      Http2Request call = Http2Request.call("127.0.0.1", method, List.of(), bytes);
      try (Dialog dialog =
          new Dialog(
              server, l -> new GrpcWire(call, unary, field.getKey(), new HpackDecoder.Room(), l))) {
        assertThat(dialog.requests(TIMES))
            .isEqualTo(replies.stream().map(r -> new Dialog.Heard(r, field.getValue())).toList());
      }
    }
  }
}
