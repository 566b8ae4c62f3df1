package dev.conntrail.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Takes orders on standard input, a line each, and answers each with {@code ok} or the reason why
 * not, until the input ends. {@code drain} is no order of its own: it ends the one under way.
 */
final class OrderLoop {
  private static final String END = "";

  /** Carries out an order. */
  interface Order {
    /**
     * {@code argument} is what followed the order's word; {@code stop} is counted down when it is
     * to end early.
     */
    void carryOut(String argument, CountDownLatch stop) throws IOException, InterruptedException;
  }

  private OrderLoop() {}

  /** Serves orders that begin with a word. */
  static void serve(String word, Order order) throws InterruptedException {
    BlockingQueue<String> queue = new LinkedBlockingQueue<>();
    AtomicReference<CountDownLatch> current = new AtomicReference<>(new CountDownLatch(1));
    Thread.ofPlatform().daemon().name("orders").start(() -> read(queue, current));
    System.out.println("ready");
    for (String line = queue.take(); !line.equals(END); line = queue.take()) {
      if (!line.startsWith(word + " ")) {
        System.out.println("found the order '" + line + "'; allowed: " + word + " ..., drain");
        continue;
      }
      try {
        order.carryOut(line.substring(word.length() + 1), current.get());
        System.out.println("ok");
      } catch (IOException | RuntimeException e) {
        System.out.println(
            String.valueOf(e.getMessage() == null ? e : e.getMessage())
                .lines()
                .findFirst()
                .orElse("failed"));
      }
      current.set(new CountDownLatch(1));
    }
  }

  private static void read(BlockingQueue<String> queue, AtomicReference<CountDownLatch> current) {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.equals("drain")) {
          current.get().countDown();
        } else {
          queue.add(line);
        }
      }
    } catch (IOException _) {
      // as good as the end
    }
    current.get().countDown();
    queue.add(END);
  }
}
