package dev.conntrail.proxy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What a proxy writes of each request to standard output: who asked, from where it asked whom. */
final class AccessLog {
  private static final String KIND = "request";

  /** Where it came from, from where it was sent, to which pod; HAProxy also how long that took. */
  private static final int WORDS = 4;

  /** What stands where nothing was sent from: the pod did not take the connection. */
  private static final String NOWHERE = "-";

  /** How long it took, where the pod did not take the connection. */
  private static final String NEVER = "-1";

  private AccessLog() {}

  /** All requests; programs write a pod by its name or by its address. */
  static List<Passed> read(ProxyPlan plan, Path folder) throws IOException {
    Map<String, String> names = new HashMap<>();
    plan.backends()
        .forEach(b -> {
          names.put(b.pod(), b.pod());
          names.put(b.text(), b.pod());
        });
    try (Stream<String> lines = Files.lines(HeldProgram.output(folder))) {
      return lines.flatMap(line -> passed(line.split(" ", -1), names).stream()).toList();
    }
  }

  private static Optional<Passed> passed(String[] words, Map<String, String> names) {
    if (words.length < WORDS || !words[0].equals(KIND)) {
      return Optional.empty();
    }
    boolean sent =
        !words[2].startsWith(NOWHERE) && (words.length == WORDS || !words[WORDS].equals(NEVER));
    return Optional.of(
        new Passed(words[1], words[2], Optional.ofNullable(names.get(words[3])).filter(_ -> sent)));
  }
}
