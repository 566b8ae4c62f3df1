package dev.conntrail.echo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.load.client.Caller;
import dev.conntrail.load.client.Lifetimes;
import dev.conntrail.load.client.Picks;
import dev.conntrail.load.client.PlainClients;
import dev.conntrail.load.client.ProtocolClient;
import dev.conntrail.load.client.ProtocolClients;
import dev.conntrail.load.client.Targets;
import dev.conntrail.record.EchoLine;
import dev.conntrail.record.Ledger;
import dev.conntrail.spec.Cure;
import dev.conntrail.spec.KeepAlive;
import dev.conntrail.spec.LoadPlan;
import dev.conntrail.spec.Opening;
import dev.conntrail.spec.Pooling;
import dev.conntrail.spec.Protocol;
import dev.conntrail.spec.Retries;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** A client object of the load's with a cure, and one caller of it. */
final class CuredClient implements AutoCloseable {
  static final int LIMIT_S = 20;

  final Targets targets;
  final Ledger ledger = new Ledger();
  private final ProtocolClient client;
  private final Picks picks;
  private final Caller caller;

  CuredClient(EchoServer server, Protocol protocol, Pooling pooling, String cure, int pods) {
    targets = new Targets(pods(server, protocol, pods));
    LoadPlan.Callers callers =
        new LoadPlan.Callers(
            1,
            pods(server, protocol, pods),
            protocol,
            pooling,
            Opening.AT_ONCE,
            Cure.parse(cure),
            KeepAlive.NONE,
            1,
            0,
            Retries.OFF);
    client =
        ProtocolClients.of(
            callers,
            PlainClients.connections(
                targets, ledger, new Lifetimes(callers.cure().byClient(), new Random(6))));
    picks = new Picks(callers, targets, new Random(5));
    caller = client.caller(picks.of(0));
  }

  Caller another() {
    return client.caller(picks.of(1));
  }

  void connect() throws Exception {
    caller.connect(_ -> {});
  }

  /** Sends a request, which may fail. */
  void tryOnce() throws Exception {
    try {
      pod();
    } catch (ExecutionException _) {
      // it crossed the pod's word
    }
  }

  String pod() throws Exception {
    return EchoLine.parse(PlainClients.send(caller).get(LIMIT_S, TimeUnit.SECONDS)).pod();
  }

  /** Sends until a pod answers: its connection may take a moment. */
  void until(String pod) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_S);
    while (!pod().equals(pod)) {
      assertThat(System.nanoTime()).as("no answer of " + pod).isLessThan(end);
    }
  }

  Map<String, Integer> answers(int n) throws Exception {
    Map<String, Integer> answers = new TreeMap<>();
    for (int i = 0; i < n; i++) {
      answers.merge(pod(), 1, Integer::sum);
    }
    return answers;
  }

  @Override
  public void close() {
    caller.close();
    client.close();
  }

  /** Where the first pods of a server speak a protocol. */
  static List<String> pods(EchoServer server, Protocol protocol, int n) {
    return server.pods().stream()
        .limit(n)
        .map(p -> "127.0.0.1:" + (protocol.grpc() ? p.grpcPort() : p.httpPort()))
        .toList();
  }
}
