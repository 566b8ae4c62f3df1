package dev.conntrail.cli;

import dev.conntrail.result.Json;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Tells chance from fault by counts alone. */
@Command(
    name = "chance",
    mixinStandardHelpOptions = true,
    description = {
      "Are these connections by pod a fair draw, and could it have told?",
      "Needs no root, no run and no file."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  conntrail chance --counts 3,0,1,5,0               connections of each pod",
      "  conntrail chance --counts 9,11,0 --counts 0,8,12  two repetitions",
      "  conntrail chance --connections 100 --pods 10      what could be found"
    })
final class ChanceCommand implements Runnable {
  private static final long MOST_CONNECTIONS = 1_000_000_000;
  private static final int MOST_PODS = 1000;
  private static final int MOST_REPETITIONS = 100;
  private static final String EXAMPLE = "3,0,1,5,0";
  private static final double LEAST_LEVEL = 1e-9;
  private static final double MOST_LEVEL = 0.5;

  @Spec private CommandSpec spec;

  @Option(
      names = "--counts",
      paramLabel = "N,N,...",
      description = "Connections of each pod, 0 included; again for each repetition.")
  private List<String> counts = List.of();

  @Option(
      names = "--connections",
      paramLabel = "N",
      description = "Without counts: say what so many connections could tell.")
  private String connections;

  @Option(names = "--pods", paramLabel = "N", description = "With --connections: pods.")
  private String pods;

  @Option(
      names = "--level",
      paramLabel = "P",
      defaultValue = "0.001",
      description = "Chance of a false alarm (default: ${DEFAULT-VALUE}).")
  private String level;

  @Option(
      names = "--json",
      description = "Print one JSON object, whose fields results/README.md explains.")
  private boolean json;

  @Override
  public void run() {
    ChanceAnswer answer = answer();
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Json.answer(answer));
    } else {
      ChanceText.lines(answer).forEach(out::println);
    }
    out.flush();
  }

  private ChanceAnswer answer() {
    double alarm = level();
    if (counts.isEmpty()) {
      if (connections == null || pods == null) {
        throw refused(
            "chance: found %s; allowed: --counts N,N,... or --connections N --pods N"
                .formatted(
                    connections == null && pods == null
                        ? "no --counts"
                        : connections == null ? "--pods alone" : "--connections alone"));
      }
      return ChanceAnswer.of(
          whole("--connections", "", connections, 1, MOST_CONNECTIONS),
          (int) whole("--pods", "", pods, 2, MOST_PODS),
          alarm);
    }
    if (connections != null || pods != null) {
      throw refused(
          "--counts: found with --connections or --pods; allowed: alone, for it names all pods");
    }
    return ChanceAnswer.of(counts(), alarm);
  }

  private long[][] counts() {
    if (counts.size() > MOST_REPETITIONS) {
      throw refused(
          "--counts: found %d times; allowed: at most %d"
              .formatted(counts.size(), MOST_REPETITIONS));
    }
    List<long[]> repetitions = new ArrayList<>();
    for (String text : counts) {
      long[] repetition = repetition(text);
      if (!repetitions.isEmpty() && repetition.length != repetitions.getFirst().length) {
        throw refused(
            "--counts: found %d pods, then %d; allowed: the same pods in each repetition"
                .formatted(repetitions.getFirst().length, repetition.length));
      }
      repetitions.add(repetition);
    }
    long all = repetitions.stream().flatMapToLong(Arrays::stream).sum();
    if (all < 1 || all > MOST_CONNECTIONS) {
      throw refused(
          "--counts: found %s in all; allowed: 1 to %d connections"
              .formatted(all == 0 ? "no connection" : all + " connections", MOST_CONNECTIONS));
    }
    return repetitions.toArray(long[][]::new);
  }

  private static long[] repetition(String text) {
    String[] words = text.split(",", -1);
    if (words.length < 2 || words.length > MOST_PODS) {
      throw refused(
          "--counts: found %s; allowed: 2 to %d pods, joined by commas, as %s"
              .formatted(
                  text.isBlank()
                      ? "nothing"
                      : words.length == 1 ? "'" + text + "' alone" : words.length + " pods",
                  MOST_PODS,
                  EXAMPLE));
    }
    long[] repetition = new long[words.length];
    for (int i = 0; i < words.length; i++) {
      repetition[i] = whole("--counts", " for pod " + (i + 1), words[i], 0, MOST_CONNECTIONS);
    }
    return repetition;
  }

  private double level() {
    try {
      double value = Double.parseDouble(level);
      if (value >= LEAST_LEVEL && value <= MOST_LEVEL) {
        return value;
      }
    } catch (NumberFormatException _) {
      // said below
    }
    throw refused(
        "--level: found '%s'; allowed: %s to %s".formatted(level, LEAST_LEVEL, MOST_LEVEL));
  }

  private static long whole(String option, String place, String text, long from, long to) {
    String word = text.strip();
    // so many digits fit a long
    if (word.matches("[0-9]{1,18}")) {
      long value = Long.parseLong(word);
      if (value >= from && value <= to) {
        return value;
      }
    }
    String found = word.isEmpty() ? "nothing" : "'" + word + "'";
    throw refused(
        "%s: found %s%s; allowed: a whole number from %d to %d"
            .formatted(option, found, place, from, to));
  }

  private static IllegalArgumentException refused(String message) {
    return new IllegalArgumentException(message);
  }
}
