package dev.conntrail.proxy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What a proxy writes of each request to standard output: who asked, from where it asked whom. */
final class AccessLog {
  private static final String KIND = "request";

  /**
   * Where it came from, from where it was sent, to which pod, and after how long that one answered;
   * HAProxy also how long the pod took to take the connection.
   */
  private static final int WORDS = 5;

  private static final int ANSWERED = 4;

  /** What stands where nothing was sent from: the pod did not take the connection. */
  private static final String NOWHERE = "-";

  /** How long something took that did not come to be: Envoy's word and HAProxy's. */
  private static final Set<String> NEVER = Set.of(NOWHERE, "-1");

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
        !words[2].startsWith(NOWHERE) && (words.length == WORDS || !NEVER.contains(words[WORDS]));
    return Optional.of(
        new Passed(
            words[1],
            words[2],
            Optional.ofNullable(names.get(words[3])).filter(_ -> sent),
            sent && !NEVER.contains(words[ANSWERED])));
  }
}
