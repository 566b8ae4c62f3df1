package dev.conntrail.load.client;

import dev.conntrail.echo.v1.EchoMethods;
import dev.conntrail.spec.Knob;
import dev.conntrail.spec.Policy;
import dev.conntrail.spec.Route;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.util.List;
import java.util.Map;

/** Has grpc-java balance, by one of its own policies. */
final class GrpcBalancing {
  private static final String SAID_ONCE_IN = "1s";

  private GrpcBalancing() {}

  /** A channel for a name that balances among what the name resolves to; it needs its config. */
  static NettyChannelBuilder channel(String name, Route.Balanced how) {
    NettyChannelBuilder channel = NettyChannelBuilder.forTarget(name);
    if (how.policy() == Policy.WEIGHTED_ROUND_ROBIN) {
      Metadata asked = new Metadata();
      asked.put(EchoMethods.REPORTS, how.knob(Knob.REPORTS));
      channel.intercept(MetadataUtils.newAttachHeadersInterceptor(asked));
    }
    return channel;
  }

  /** The part of a service config that says how. */
  static Map<String, ?> config(Route.Balanced how) {
    return Map.of("loadBalancingConfig", List.of(policy(how)));
  }

  /** A policy as a service config has it: name and settings. */
  private static Map<String, ?> policy(Route.Balanced how) {
    return switch (how.policy()) {
      case ROUND_ROBIN -> Map.of("round_robin", Map.of());
      case PICK_FIRST ->
          Map.of("pick_first", Map.of("shuffleAddressList", how.knob(Knob.SHUFFLE).equals("yes")));
      case LEAST_REQUEST ->
          Map.of(
              "least_request_experimental",
              Map.of("choiceCount", Double.valueOf(how.knob(Knob.CHOICES))));
      case WEIGHTED_ROUND_ROBIN ->
          Map.of(
              "weighted_round_robin",
              Map.of(
                  "blackoutPeriod",
                  seconds(how),
                  "enableOobLoadReport",
                  how.knob(Knob.REPORTS).equals("pods"),
                  "oobReportingPeriod",
                  SAID_ONCE_IN));
      case LEAST_CONNECTIONS ->
          throw new IllegalArgumentException("gRPC has no " + how.policy().word());
    };
  }

  /** As protobuf's JSON has a duration. */
  private static String seconds(Route.Balanced how) {
    long ms = how.time(Knob.BLACKOUT).toMillis();
    return "%d.%03ds".formatted(ms / 1000, ms % 1000);
  }
}
