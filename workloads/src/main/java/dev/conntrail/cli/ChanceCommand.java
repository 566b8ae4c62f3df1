package dev.conntrail.cli;

import dev.conntrail.result.Json;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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

  @Option(names = "--json", description = "Print one JSON object.")
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
        throw new IllegalArgumentException(
            "chance: found no --counts; allowed: --counts N,N,... or --connections N --pods N");
      }
      return ChanceAnswer.of(
          whole("--connections", connections, 1, MOST_CONNECTIONS),
          (int) whole("--pods", pods, 2, MOST_PODS),
          alarm);
    }
    if (connections != null || pods != null) {
      throw new IllegalArgumentException(
          "--counts: found with --connections or --pods; allowed: alone, for it names all pods");
    }
    return ChanceAnswer.of(counts(), alarm);
  }

  private long[][] counts() {
    if (counts.size() > MOST_REPETITIONS) {
      throw new IllegalArgumentException(
          "--counts: found %d times; allowed: at most %d"
              .formatted(counts.size(), MOST_REPETITIONS));
    }
    List<long[]> repetitions = new ArrayList<>();
    long all = 0;
    for (String text : counts) {
      String[] words = text.split(",", -1);
      if (words.length < 2 || words.length > MOST_PODS) {
        throw new IllegalArgumentException(
            "--counts: found %s; allowed: 2 to %d pods, N,N,..."
                .formatted(
                    words.length == 1 ? "'" + text + "'" : words.length + " pods", MOST_PODS));
      }
      if (!repetitions.isEmpty() && words.length != repetitions.getFirst().length) {
        throw new IllegalArgumentException(
            "--counts: found %d pods, then %d; allowed: the same pods in each repetition"
                .formatted(repetitions.getFirst().length, words.length));
      }
      long[] repetition = new long[words.length];
      for (int i = 0; i < words.length; i++) {
        repetition[i] = whole("--counts", words[i], 0, MOST_CONNECTIONS - all);
        all += repetition[i];
      }
      repetitions.add(repetition);
    }
    if (all == 0) {
      throw new IllegalArgumentException("--counts: found no connection; allowed: at least one");
    }
    return repetitions.toArray(long[][]::new);
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
    throw new IllegalArgumentException(
        String.format(
            Locale.ROOT, "--level: found '%s'; allowed: %s to %s", level, LEAST_LEVEL, MOST_LEVEL));
  }

  private static long whole(String option, String text, long from, long to) {
    String word = text.strip();
    // so many digits fit a long
    if (word.matches("[0-9]{1,18}")) {
      long value = Long.parseLong(word);
      if (value >= from && value <= to) {
        return value;
      }
    }
    throw new IllegalArgumentException(
        "%s: found '%s'; allowed: whole numbers from %d to %d, %d connections in all"
            .formatted(option, text, from, to, MOST_CONNECTIONS));
  }
}
