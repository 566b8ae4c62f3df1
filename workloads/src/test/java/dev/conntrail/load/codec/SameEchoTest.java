package dev.conntrail.load.codec;

import static java.util.Comparator.comparingInt;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.echo.PodPort;
import dev.conntrail.echo.ServedEcho;
import dev.conntrail.echo.v1.EchoMethods;
import dev.conntrail.echo.v1.EchoReply;
import dev.conntrail.echo.v1.EchoRequest;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same calls to both ports of an echo, by grpc-java and by the loop's wire: what the echo
 * frames by itself is taken as what grpc-java's server says. Messages that are too long are left
 * out: that server resets their streams, and says no status.
 */
@Timeout(120)
class SameEchoTest {
  private static final int TIMES = 3;
  private static final int LIMIT_S = 60;

  @RegisterExtension static final ServedEcho ECHO = new ServedEcho();

  private static Stream<Arguments> calls() {
    return Stream.of("Unary", "Stream", "Lose")
        .flatMap(method ->
            IntStream.of(0, 1, 20_000, 4_000_000)
                .mapToObj(size -> Arguments.of("conntrail.v1.Echo/" + method, size)));
  }

  /** A message with a field that the echo does not know. */
  private static byte[] message(int size) {
    return EchoReply.newBuilder().setLine("x".repeat(size)).build().toByteArray();
  }

  private static int port(PodPort port) {
    return port.of(ECHO.server().pods().getFirst());
  }

  /** Each connection has a number of its own. */
  private static String plain(String reply) {
    return reply.replaceFirst("(?s)^200 ..pod-1 node-1 \\d+ ", "200 pod ");
  }

  @ParameterizedTest
  @MethodSource("calls")
  void bothPortsSayTheSame(String method, int size) throws Exception {
    boolean unary = !method.endsWith("Stream");
    byte[] message = message(size);
    Map<String, String> fields = new LinkedHashMap<>();
    Map<String, String> framed = new LinkedHashMap<>();
    List<String> replies =
        GrpcJavaCalls.calls(port(PodPort.GRPC), method, unary, message, TIMES, fields);
    assertThat(replies).hasSize(TIMES).doesNotContainNull();
    assertThat(
            GrpcJavaCalls.calls(port(PodPort.FRAMED_GRPC), method, unary, message, TIMES, framed))
        .map(SameEchoTest::plain)
        .isEqualTo(replies.stream().map(SameEchoTest::plain).toList());
    assertThat(fields).as("but which compression it knows").containsAllEntriesOf(framed);
    for (PodPort port : List.of(PodPort.GRPC, PodPort.FRAMED_GRPC)) {
      InetSocketAddress at = new InetSocketAddress(InetAddress.getLoopbackAddress(), port(port));
      Http2Request call = Http2Request.call("127.0.0.1", method, List.of(), message);
      try (Dialog dialog =
          new Dialog(
              at, l -> new GrpcWire(call, unary, "content-type", new HpackDecoder.Room(), l))) {
        assertThat(dialog.requests(TIMES))
            .as(port.name())
            .map(heard -> plain(heard.reply()))
            .isEqualTo(replies.stream().map(SameEchoTest::plain).toList());
      }
    }
  }

  /** The numbers of replies as they come, or why none does. */
  private record Numbers(BlockingQueue<String> heard) implements StreamObserver<EchoReply> {
    @Override
    public void onNext(EchoReply reply) {
      heard.add(reply.getLine().replaceFirst("pod-1 node-1 \\d+ ", ""));
    }

    @Override
    public void onError(Throwable why) {
      heard.add(why.toString());
    }

    @Override
    public void onCompleted() {
      heard.add("end");
    }

    List<String> take(int count) throws InterruptedException {
      List<String> taken = new ArrayList<>();
      while (taken.size() < count) {
        taken.add(heard.poll(LIMIT_S, TimeUnit.SECONDS));
      }
      return taken;
    }
  }

  /** Calls and a stream on one connection, whose client lets through a few bytes at a time. */
  @ParameterizedTest
  @EnumSource(
      value = PodPort.class,
      names = {"GRPC", "FRAMED_GRPC"})
  void manyAtOnceThroughASmallWindow(PodPort port) throws Exception {
    int calls = 200;
    int messages = 2_000;
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", port(port))
            .usePlaintext()
            .flowControlWindow(40)
            .build();
    try {
      EchoRequest request = EchoRequest.getDefaultInstance();
      Numbers single = new Numbers(new LinkedBlockingQueue<>());
      Numbers many = new Numbers(new LinkedBlockingQueue<>());
      StreamObserver<EchoRequest> stream =
          ClientCalls.asyncBidiStreamingCall(
              channel.newCall(EchoMethods.STREAM, CallOptions.DEFAULT), many);
      for (int i = 0; i < messages; i++) {
        if (i % (messages / calls) == 0) {
          ClientCalls.asyncUnaryCall(
              channel.newCall(EchoMethods.UNARY, CallOptions.DEFAULT), request, single);
        }
        stream.onNext(request);
      }
      stream.onCompleted();
      List<String> ofCalls = single.take(2 * calls);
      List<String> ofStream = many.take(messages + 1);
      assertThat(ofStream).endsWith("end");
      assertThat(ofStream.subList(0, messages))
          .isSortedAccordingTo(comparingInt(Integer::parseInt));
      List<String> all = new ArrayList<>(ofStream);
      all.addAll(ofCalls);
      assertThat(all)
          .containsExactlyInAnyOrderElementsOf(
              Stream.concat(
                      Collections.nCopies(calls + 1, "end").stream(),
                      IntStream.rangeClosed(1, calls + messages).mapToObj(Integer::toString))
                  .toList());
    } finally {
      channel.shutdownNow();
    }
  }
}
