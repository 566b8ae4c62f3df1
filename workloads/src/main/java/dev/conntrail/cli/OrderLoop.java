package dev.conntrail.cli;

import dev.conntrail.result.FolderZip;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Takes orders on standard input, a line each, and answers each with {@code ok}, a space and what
 * was asked for, or with the reason why not, until the input ends. Beside the orders of the command
 * there are
 *
 * <ul>
 *   <li>{@code ready}: answered {@code ready};
 *   <li>{@code clock}: the wall clock, nanoseconds since the epoch;
 *   <li>{@code put FILE BASE64}: writes a file, {@code get FOLDER}: the folder as a ZIP in Base64,
 *       which is then deleted. For a process that shares no files with who gives the orders;
 *   <li>{@code drain} and {@code go EPOCH_MS}: no orders of their own, but signals to the one under
 *       way.
 * </ul>
 */
final class OrderLoop {
  private static final String END = "";

  /**
   * What may be said to an order while it is carried out.
   *
   * @param stop counted down when it is to end early
   * @param go when the phases begin, milliseconds since the epoch
   */
  record Signals(CountDownLatch stop, CompletableFuture<Long> go) {
    Signals() {
      this(new CountDownLatch(1), new CompletableFuture<>());
    }

    /** What has not begun begins now, and ends at once. */
    void drain() {
      stop.countDown();
      go.complete(System.currentTimeMillis());
    }
  }

  /** Carries out an order. */
  interface Order {
    /** {@code argument} is what followed the order's word. */
    void carryOut(String argument, Signals signals) throws IOException, InterruptedException;
  }

  private OrderLoop() {}

  /** Serves orders that begin with a word. */
  static void serve(String word, Order order) throws InterruptedException {
    BlockingQueue<String> queue = new LinkedBlockingQueue<>();
    AtomicReference<Signals> current = new AtomicReference<>(new Signals());
    Thread.ofPlatform().daemon().name("orders").start(() -> read(queue, current));
    for (String line = queue.take(); !line.equals(END); line = queue.take()) {
      try {
        System.out.println(answer(line.split(" ", 3), word, order, current.get()));
      } catch (IOException | RuntimeException e) {
        System.out.println(
            String.valueOf(e.getMessage() == null ? e : e.getMessage())
                .lines()
                .findFirst()
                .orElse("failed"));
      }
      current.set(new Signals());
    }
  }

  private static String answer(String[] line, String word, Order order, Signals signals)
      throws IOException, InterruptedException {
    if (line[0].equals("ready")) {
      return "ready";
    }
    if (line[0].equals("clock")) {
      return "ok " + ChronoUnit.NANOS.between(Instant.EPOCH, Instant.now());
    }
    if (line[0].equals("put") && line.length == 3) {
      Path file = Path.of(line[1]);
      Files.createDirectories(file.getParent());
      Files.write(file, Base64.getDecoder().decode(line[2]));
      return "ok";
    }
    if (line[0].equals("get") && line.length == 2) {
      return "ok " + Base64.getEncoder().encodeToString(FolderZip.takeAway(Path.of(line[1])));
    }
    if (line[0].equals(word) && line.length == 2) {
      order.carryOut(line[1], signals);
      return "ok";
    }
    return "found the order '"
        + line[0]
        + "'; allowed: "
        + word
        + ", ready, clock, put, get, drain";
  }

  private static void read(BlockingQueue<String> queue, AtomicReference<Signals> current) {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.equals("drain")) {
          current.get().drain();
        } else if (line.startsWith("go ")) {
          current.get().go().complete(Long.parseLong(line.substring(3)));
        } else if (!line.isEmpty()) {
          queue.add(line);
        }
      }
    } catch (IOException _) {
      // as good as the end
    }
    current.get().drain();
    queue.add(END);
  }
}
