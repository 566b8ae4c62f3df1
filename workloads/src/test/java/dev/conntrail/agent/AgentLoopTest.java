package dev.conntrail.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.conntrail.echo.EchoServer;
import dev.conntrail.spec.EchoPod;
import dev.conntrail.spec.PodEnding;
import dev.conntrail.testbed.TestbedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Agents without processes: the lines go to and fro in memory. */
@Timeout(60)
class AgentLoopTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @TempDir private Path folder;

  /** An agent in a thread of its own. */
  private static final class Memory implements Wire {
    private static final String END = "";
    private final BlockingQueue<String> orders = new LinkedBlockingQueue<>();
    private final BlockingQueue<Optional<String>> answers = new LinkedBlockingQueue<>();
    private final Thread thread;

    Memory(AgentLoop.Agent agent) {
      thread =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  AgentLoop.serve(this::next, line -> answers.add(Optional.of(line)), agent);
                } catch (InterruptedException _) {
                  // ended
                }
                answers.add(Optional.empty());
              });
    }

    private String next() throws InterruptedException {
      String line = orders.take();
      return line.equals(END) ? null : line;
    }

    @Override
    public void send(String line) {
      orders.add(line);
    }

    @Override
    public Optional<String> receive() {
      try {
        return answers.take();
      } catch (InterruptedException _) {
        return Optional.empty();
      }
    }

    @Override
    public boolean alive() {
      return thread.isAlive();
    }

    @Override
    public String ending() throws InterruptedException {
      thread.join();
      return "ended";
    }

    @Override
    public String lastWords() {
      return "it said nothing";
    }

    @Override
    public void close() {
      orders.add(END);
      try {
        thread.join();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Takes {@code Take} alone, and until it is told to stop. */
  private static AgentLoop.Agent untilStopped(CountDownLatch begun) {
    return (order, signals, answers) -> {
      if (!(order instanceof Order.Take)) {
        throw AgentLoop.refusal(order, "Take");
      }
      begun.countDown();
      signals.stop().await();
      answers.accept(new Answer.Said("stopped"));
    };
  }

  @Test
  void whatIsNoOrderIsAnsweredAndTheAgentGoesOn() throws IOException {
    Memory wire = new Memory((_, _, answers) -> answers.accept(new Answer.Connected()));
    try (Remote agent = Remote.start("the agent", wire)) {
      wire.send("take /tmp/x");
      wire.send("{\"order\":\"Fly\"}");
      wire.send("{\"order\":\"Serve\"}");
      for (String why : List.of("Unrecognized token 'take'", "'Fly'", "'pods'")) {
        assertThatThrownBy(() -> agent.await(LIMIT))
            .isInstanceOf(TestbedException.class)
            .hasMessageStartingWith("the agent: not a")
            .hasMessageContaining(why);
      }
      assertThat(agent.ask(new Order.Take(), Answer.Connected.class, LIMIT)).isNotNull();
    }
  }

  @Test
  void aClientSaysWhichAddressesANameHas() {
    try (Remote load = Remote.start("the load", new Memory(new LoadAgent()))) {
      assertThat(addresses(load, "localhost")).contains("127.0.0.1");
      assertThat(addresses(load, "[no-name")).as("one that nobody has to be asked for").isEmpty();
    }
  }

  private static List<String> addresses(Remote load, String name) {
    return load.ask(new Order.Resolve(name), Answer.Addresses.class, LIMIT).addresses();
  }

  @Test
  void anotherAgentsOrderIsRefusedWithThoseThatAreAllowed() throws IOException {
    try (EchoServer server = new EchoServer(List.of(), 1);
        Remote echo = Remote.start("the echo", new Memory(new EchoAgent(server)));
        Remote load = Remote.start("the load", new Memory(new LoadAgent()))) {
      assertThatThrownBy(() -> load.ask(new Order.Take(), Answer.Files.class, LIMIT))
          .hasMessage("the load: found the order Take; allowed here: Run, Resolve");
      Order cells = new Order.Cells("", List.of(), "ct1", "", Duration.ZERO, Optional.empty());
      assertThatThrownBy(() -> echo.ask(cells, Answer.Files.class, LIMIT))
          .hasMessageStartingWith("the echo: found the order Cells; allowed here: Serve, Take");
    }
  }

  @Test
  void podsAreChangedByOrders() throws IOException {
    EchoPod pod = new EchoPod("pod-1", "node-1", "127.0.0.1", 0, 0, "", Duration.ZERO);
    try (EchoServer server = new EchoServer(List.of(), 1);
        Remote echo = Remote.start("the echo", new Memory(new EchoAgent(server)))) {
      EchoPod served =
          echo.ask(new Order.Serve(List.of(pod)), Answer.Serving.class, LIMIT).pods().getFirst();
      List<String> one = List.of("pod-1");
      try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), served.httpPort())) {
        Answer.Open open;
        do {
          open = echo.ask(new Order.Open(one), Answer.Open.class, LIMIT);
        } while (open.connections().get("pod-1") == 0);
        for (Order kept :
            List.of(
                new Order.Slow(one, Duration.ofMillis(1), Duration.ZERO),
                new Order.Pause(one, Duration.ofMillis(1)),
                new Order.Stop(one, PodEnding.DRAIN))) {
          assertThat(echo.ask(kept, Answer.Open.class, LIMIT)).isEqualTo(open);
        }
        Answer.Open none = new Answer.Open(Map.of("pod-1", 0));
        assertThat(echo.ask(new Order.Stop(one, PodEnding.EXIT), Answer.Open.class, LIMIT))
            .isEqualTo(none);
        assertThat(echo.ask(new Order.Start(one), Answer.Open.class, LIMIT)).isEqualTo(none);
      }
      assertThat(echo.ask(new Order.Serve(List.of()), Answer.Serving.class, LIMIT).pods())
          .containsExactly(served);
      assertThatThrownBy(() -> echo.ask(new Order.Start(List.of("x")), Answer.Open.class, LIMIT))
          .hasMessage("the echo: found the pod x; allowed: pod-1");
    }
  }

  @Test
  void whatFailsIsAnsweredWithTheReason() {
    Memory wire =
        new Memory((_, _, _) -> {
          throw new IOException("no room\nat all");
        });
    try (Remote agent = Remote.start("the agent", wire)) {
      assertThatThrownBy(() -> agent.ask(new Order.Take(), Answer.Files.class, LIMIT))
          .hasMessage("the agent: no room");
    }
  }

  @Test
  void anUnexpectedAnswerIsNamed() {
    Memory wire = new Memory((_, _, answers) -> answers.accept(new Answer.Connected()));
    try (Remote agent = Remote.start("the agent", wire)) {
      assertThatThrownBy(() -> agent.ask(new Order.Take(), Answer.Files.class, LIMIT))
          .hasMessage("the agent answered Connected where Files was expected");
    }
  }

  /** So nothing outlives a run that was killed. */
  @Test
  void whenItsInputEndsItDrainsAndEnds() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    Memory wire = new Memory(untilStopped(begun));
    wire.send(Codec.line(new Order.Take()));
    begun.await();
    wire.close();
    assertThat(wire.alive()).isFalse();
    assertThat(wire.receive().map(Codec::answer)).contains(new Answer.Said("stopped"));
    assertThat(wire.receive()).isEmpty();
  }

  @Test
  void theOrderToEndIsAsGoodAsTheEndOfInput() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    Memory wire = new Memory(untilStopped(begun));
    wire.send(Codec.line(new Order.Take()));
    wire.send(Codec.line(new Order.End()));
    wire.ending();
    assertThat(wire.receive().map(Codec::answer)).contains(new Answer.Said("stopped"));
  }

  @Test
  void aSignalReachesTheOrderUnderWay() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    try (Remote agent = Remote.start("the agent", new Memory(untilStopped(begun)))) {
      agent.tell(new Order.Take());
      begun.await();
      agent.tell(new Order.Drain());
      assertThat(agent.await(Answer.Said.class, LIMIT).line()).isEqualTo("stopped");
      assertThatThrownBy(() -> agent.ask(new Order.Serve(List.of()), Answer.Serving.class, LIMIT))
          .hasMessageContaining("found the order Serve");
    }
  }

  @Test
  void anAgentThatEndedIsSaidToHave() {
    Memory wire = new Memory((_, _, _) -> {});
    Remote agent = Remote.start("the agent", wire);
    wire.close();
    assertThatThrownBy(() -> agent.ask(new Order.Take(), Answer.Files.class, LIMIT))
        .hasMessage("the agent ended: it said nothing");
    assertThat(agent.alive()).isFalse();
  }

  /** A guest shares a folder: an order is a file there. */
  @Test
  void ordersOfAGuestAreFilesInTurn() throws Exception {
    AgentLoop.Source there = GuestWire.orders(folder);
    List<String> taken = new ArrayList<>();
    Thread guest =
        Thread.ofVirtual()
            .start(() -> {
              try {
                taken.add(there.next());
                taken.add(there.next());
              } catch (IOException | InterruptedException e) {
                taken.add(e.toString());
              }
            });
    java.nio.file.Files.createDirectories(folder.resolve("orders"));
    for (int i = 2; i > 0; i--) {
      Path part = java.nio.file.Files.writeString(folder.resolve("part"), "order " + i);
      java.nio.file.Files.move(part, folder.resolve("orders/" + i + ".json"));
    }
    guest.join();
    assertThat(taken).containsExactly("order 1", "order 2");
  }
}
