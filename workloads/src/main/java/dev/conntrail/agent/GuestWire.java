package dev.conntrail.agent;

import dev.conntrail.testbed.TestbedException;
import dev.conntrail.testbed.UmlGuest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * To an agent in a User-mode Linux guest. Nothing is shared with it but a folder: each order is a
 * file there, which the guest looks for; its answers are what it writes to standard output, also a
 * file.
 */
public final class GuestWire implements Wire {
  /** The folder that a guest may write, as it is named there. */
  public static final Path THERE = Path.of("/run/out");

  private static final String ORDERS = "orders";
  private static final long LOOK_MS = 200;

  private final Path orders;
  private final BlockingQueue<Optional<String>> answers = new LinkedBlockingQueue<>();
  private final CompletableFuture<UmlGuest.Done> done = new CompletableFuture<>();
  private final Thread guest;
  private int sent;

  /**
   * Boots a guest with its agent.
   *
   * @param out the folder, its own
   * @param limit how long its orders may take together
   */
  public GuestWire(UmlGuest guest, Path out, Duration limit) throws IOException {
    this.orders = Files.createDirectories(out.resolve(ORDERS));
    this.guest =
        Thread.ofVirtual()
            .start(() -> {
              try {
                done.complete(
                    guest.run(
                        JavaProcesses.command(Role.GUEST),
                        out,
                        limit,
                        line -> answers.add(Optional.of(line))));
              } catch (IOException | RuntimeException e) {
                done.completeExceptionally(e);
              }
              answers.add(Optional.empty());
            });
  }

  /** In the guest: the orders, in turn. */
  public static AgentLoop.Source orders() {
    return orders(THERE);
  }

  static AgentLoop.Source orders(Path out) {
    return new AgentLoop.Source() {
      private int taken;

      @Override
      public String next() throws IOException, InterruptedException {
        Path next = file(out.resolve(ORDERS), taken + 1);
        while (!Files.exists(next)) {
          Thread.sleep(LOOK_MS);
        }
        taken++;
        return Files.readString(next);
      }
    };
  }

  private static Path file(Path orders, int number) {
    return orders.resolve(number + ".json");
  }

  @Override
  public synchronized void send(String line) throws IOException {
    Path whole = file(orders, ++sent);
    Path part = orders.resolve("part");
    Files.writeString(part, line);
    Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public Optional<String> receive() {
    try {
      Optional<String> line = answers.take();
      if (line.isEmpty()) {
        answers.add(line);
      }
      return line;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  @Override
  public boolean alive() {
    return !done.isDone();
  }

  @Override
  public String ending() throws InterruptedException {
    guest.join();
    return switch (done.state()) {
      case SUCCESS -> "ended with " + done.resultNow().code();
      default -> "ended: " + done.exceptionNow().getMessage();
    };
  }

  @Override
  public String lastWords() {
    return done.state() == CompletableFuture.State.SUCCESS && !done.resultNow().err().isBlank()
        ? done.resultNow().err().strip().lines().reduce((_, b) -> b).orElseThrow()
        : "it said nothing";
  }

  /** What is under way drains; whoever is interrupted does not wait for that. */
  @Override
  public void close() {
    try {
      send(Codec.line(new Order.End()));
      guest.join();
    } catch (IOException e) {
      throw new TestbedException("cannot tell the guest to end: " + e.getMessage(), e);
    } catch (InterruptedException _) {
      guest.interrupt();
      done.handle((_, _) -> true).join();
      Thread.currentThread().interrupt();
    }
  }
}
