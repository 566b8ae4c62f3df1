package dev.conntrail.analysis;

import dev.conntrail.analysis.KernelTable.Answer;
import dev.conntrail.analysis.KernelTable.End;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.Difference;
import dev.conntrail.result.row.DisagreementRow;
import dev.conntrail.result.row.EchoCount;
import dev.conntrail.result.row.Witness;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Three witnesses of every connection: the client's ledger, the pods' own counts, the kernel's
 * connection table.
 */
public final class CrossCheck {
  /**
   * The outcome.
   *
   * @param compared connections that were compared
   * @param disagreements one row for each on which the witnesses differ
   * @param ledger in order of birth, with the pods of connections without a reply as pods or kernel
   *     saw them
   */
  public record Outcome(
      long compared, List<DisagreementRow> disagreements, List<ConnectionRow> ledger) {}

  private final Witnesses witnesses;
  private final Leg leg;
  private final Map<String, Witnesses.PlacedPod> pods = new LinkedHashMap<>();
  private final List<DisagreementRow> differences = new ArrayList<>();
  private final List<ConnectionRow> located = new ArrayList<>();
  private long compared;

  private CrossCheck(Witnesses witnesses, Leg leg) {
    this.witnesses = witnesses;
    this.leg = leg;
    witnesses.pods().forEach(p -> pods.put(p.name(), p));
  }

  /**
   * Compares the witnesses of each leg connection by connection, and what came to a place between
   * two legs with what went on from there. The outcome's ledger is the clients'. A local port may
   * serve several connections one after the other (the side that closes first keeps it, and that
   * may be the pod's): they are told apart by pod and requests, and the kernel's table, which keeps
   * one entry a port, is asked for the last.
   */
  public static Outcome compare(Witnesses witnesses) {
    List<CrossCheck> checks =
        witnesses.legs().stream().map(leg -> new CrossCheck(witnesses, leg)).toList();
    checks.forEach(CrossCheck::compareAll);
    List<ConnectionRow> clients = checks.getFirst().located;
    clients.sort(
        Comparator.comparing(ConnectionRow::client).thenComparingInt(ConnectionRow::connection));
    return new Outcome(
        checks.stream().mapToLong(c -> c.compared).sum(),
        Stream.concat(
                checks.stream().flatMap(c -> c.differences.stream()),
                Between.of(witnesses).stream())
            .toList(),
        clients);
  }

  private void compareAll() {
    Map<End, List<ConnectionRow>> clientSide = new LinkedHashMap<>();
    leg.from().stream()
        .sorted(Comparator.comparingDouble(ConnectionRow::bornMs))
        .filter(c -> !setAside(c))
        .forEach(c -> clientSide.computeIfAbsent(end(c), _ -> new ArrayList<>()).add(c));
    Map<End, List<EchoCount>> podSide = podSide();
    Set<End> ends = new LinkedHashSet<>(clientSide.keySet());
    ends.addAll(podSide.keySet());
    // what nothing has answered came to be no connection, unless someone else knows of it; nor did
    // what waited in the queue of a server that ended, and was reset before its client used it
    leg.kernel()
        .orElse(Map.of())
        .forEach((kernelEnd, answer) -> {
          if (answer.replied()
              && !leg.kernelBefore().contains(kernelEnd)
              && !witnesses.lost().contains(answer.pod())
              && !witnesses.heard().contains(answer.pod())) {
            ends.add(kernelEnd);
          }
        });
    List<Pair> pairs =
        ends.stream()
            .flatMap(end ->
                Pair.of(
                    end,
                    clientSide.getOrDefault(end, List.of()),
                    podSide.getOrDefault(end, List.of()))
                    .stream())
            .toList();
    Unanswered unanswered = new Unanswered(leg.unanswered(), pairs);
    pairs.forEach(pair -> compare(pair, unanswered.explain(pair)));
  }

  /** What was counted, by the end that the client has. */
  private Map<End, List<EchoCount>> podSide() {
    Map<End, Integer> ports = KernelTable.translated(leg.kernel().orElse(Map.of()));
    Map<End, List<EchoCount>> podSide = new LinkedHashMap<>();
    for (EchoCount e : leg.to()) {
      End seen = new End(e.clientAddress(), e.clientPort(), e.pod());
      int port = ports.getOrDefault(seen, e.clientPort());
      podSide
          .computeIfAbsent(
              new End(e.clientAddress(), port, leg.direct() ? e.pod() : ""), _ -> new ArrayList<>())
          .add(e);
    }
    return podSide;
  }

  /** Keeps a connection of a lost pod as it is; whether it is one. */
  private boolean setAside(ConnectionRow c) {
    Optional<String> kernelPod = kernelPod(end(c));
    boolean lost = c.pod().or(() -> kernelPod).filter(witnesses.lost()::contains).isPresent();
    if (lost) {
      located.add(located(c, Optional.empty(), kernelPod));
    }
    return lost;
  }

  private Optional<String> kernelPod(End end) {
    return leg.kernel().map(k -> k.get(end)).map(Answer::pod);
  }

  /** Straight to the pods a connection without a reply has the pod whose address it was sent to. */
  private End end(ConnectionRow c) {
    String pod =
        leg.direct()
            ? c.pod()
                .orElseGet(() -> at(c.remoteAddress()).map(Witnesses.PlacedPod::name).orElse(""))
            : "";
    return new End(c.localAddress(), c.localPort(), pod);
  }

  /** The pod at an address; none where several share it. */
  private Optional<Witnesses.PlacedPod> at(String address) {
    List<Witnesses.PlacedPod> there =
        pods.values().stream().filter(p -> p.address().equals(address)).toList();
    return there.size() == 1 ? Optional.of(there.getFirst()) : Optional.empty();
  }

  /**
   * Compares what is said of one.
   *
   * @param explained whether requests without a reply explain in what its ends differ
   */
  private void compare(Pair pair, boolean explained) {
    compared++;
    Optional<ConnectionRow> mine = pair.mine();
    Optional<EchoCount> theirs = pair.theirs();
    Optional<String> kernelPod = kernelPod(pair.end());
    boolean askKernel =
        leg.kernel().isPresent() && pair.last() && !forgotten(mine, theirs, kernelPod);
    mine.ifPresent(m -> located.add(located(m, theirs, askKernel ? kernelPod : Optional.empty())));
    List<Difference> why = new ArrayList<>(missing(pair, explained, kernelPod));
    if (askKernel && kernelPod.isEmpty()) {
      why.add(Difference.NOT_IN_KERNEL);
    }
    why.addAll(different(pair, explained));
    if (askKernel
        && kernelPod.isPresent()
        && theirs.isPresent()
        && !kernelPod.get().equals(theirs.get().pod())) {
      why.add(Difference.KERNEL_POD);
    }
    if (leg.pinned() && mine.filter(this::onAnotherNode).isPresent()) {
      why.add(Difference.NODE);
    }
    if (!why.isEmpty()) {
      differences.add(
          new DisagreementRow(
              witnesses.at(),
              pair.end().address(),
              pair.end().port(),
              mine.flatMap(ConnectionRow::pod),
              theirs.map(EchoCount::pod),
              kernelPod,
              mine.map(ConnectionRow::requestsCount),
              theirs.map(EchoCount::requestsCount),
              why));
    }
  }

  /**
   * Whether the kernel may know no more of a connection: a later one of the same port may have been
   * a lost pod's, or its entry has run out. Of a pod that ended while load ran nobody need have
   * answered the last packets, and entries were seen to go within seconds, so none is asked for.
   */
  private boolean forgotten(
      Optional<ConnectionRow> mine, Optional<EchoCount> theirs, Optional<String> kernelPod) {
    if (kernelPod.isPresent()) {
      return witnesses.lost().contains(kernelPod.get());
    }
    Optional<String> pod = mine.flatMap(ConnectionRow::pod).or(() -> theirs.map(EchoCount::pod));
    return mine.filter(m -> m.diedMs() < leg.kernelSinceMs()).isPresent()
        || pod.filter(witnesses.heard()::contains).isPresent();
  }

  private boolean onAnotherNode(ConnectionRow c) {
    Optional<String> placed = c.pod().map(pods::get).map(Witnesses.PlacedPod::node);
    return placed.isPresent() && !placed.equals(c.node());
  }

  private List<Difference> missing(Pair pair, boolean explained, Optional<String> kernelPod) {
    List<Difference> why = new ArrayList<>();
    if (pair.mine().isEmpty() && !explained) {
      why.add(Difference.NOT_IN_LEDGER);
    }
    if (pair.theirs().isEmpty()
        && pair.mine().filter(m -> witnesses.neverTaken(m, kernelPod)).isEmpty()) {
      why.add(Difference.NOT_AT_ANY_POD);
    }
    return why;
  }

  private List<Difference> different(Pair pair, boolean explained) {
    List<Difference> why = new ArrayList<>();
    if (pair.mine().isPresent() && pair.theirs().isPresent()) {
      ConnectionRow m = pair.mine().get();
      EchoCount t = pair.theirs().get();
      // The ledger learns the pod from the first reply: a connection that was opened and not used,
      // or whose only request was cut off, has none.
      boolean unknown = m.requestsCount() == 0 && (t.requestsCount() == 0 || explained);
      if (leg.pinned() && !unknown && !m.pod().equals(Optional.of(t.pod()))) {
        why.add(Difference.POD);
      }
      if (!explained && m.requestsCount() != t.requestsCount()) {
        why.add(Difference.REQUESTS);
      }
      if (Closings.contradict(m, t, witnesses.ended())) {
        why.add(Difference.CLOSED_BY);
      }
    }
    return why;
  }

  /** The ledger's row, with its pod and the pod's place; to a proxy it has none. */
  private ConnectionRow located(
      ConnectionRow client, Optional<EchoCount> theirs, Optional<String> kernelPod) {
    ConnectionRow mine = theirs.map(t -> client.served(t.requestsCount())).orElse(client);
    if (!leg.pinned()) {
      return mine.toNoPod();
    }
    if (mine.pod().isPresent()) {
      return on(mine, mine.pod().get(), mine.node(), Witness.REPLY);
    }
    if (theirs.isPresent()) {
      return on(mine, theirs.get().pod(), Optional.of(theirs.get().node()), Witness.POD);
    }
    return kernelPod
        .filter(pods::containsKey)
        .map(pod -> on(mine, pod, Optional.of(pods.get(pod).node()), Witness.KERNEL))
        .orElse(mine);
  }

  private ConnectionRow on(ConnectionRow mine, String pod, Optional<String> node, Witness by) {
    int index = List.copyOf(pods.keySet()).indexOf(pod) + 1;
    return mine.on(Optional.of(index).filter(i -> i > 0), pod, node, by);
  }
}
