package dev.conntrail.jmh;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;

/**
 * JMH's own command line, and before it {@code --profile}, which runs a list of choices one after
 * the other and writes them to one JSON file.
 */
public final class Main {
  private static final String PROFILE = "--profile";
  private static final int USAGE = 2;
  private static final int FAILED = 4;

  private Main() {}

  /**
   * Runs.
   *
   * @param arguments {@code --profile quick|default|full [FILE.json]}, or JMH's
   */
  public static void main(String[] arguments) throws Exception {
    if (arguments.length == 0 || !arguments[0].equals(PROFILE)) {
      if (Arrays.asList(arguments).contains("-h") || Arrays.asList(arguments).contains("--help")) {
        System.out.println(
            "Conntrail: --profile quick|default|full [FILE.json], or as the first word any of JMH's:\n");
      }
      org.openjdk.jmh.Main.main(arguments);
      return;
    }
    try {
      if (arguments.length < 2 || arguments.length > 3) {
        throw new IllegalArgumentException("usage: --profile quick|default|full [FILE.json]");
      }
      run(Profile.of(arguments[1]), arguments.length == 3 ? arguments[2] : "jmh.json");
    } catch (IllegalArgumentException e) {
      System.err.println("benchmarks: " + e.getMessage());
      System.exit(USAGE);
    } catch (RunnerException e) {
      System.err.println("benchmarks: " + e.getMessage());
      System.exit(FAILED);
    }
  }

  private static void run(Profile profile, String file) throws RunnerException {
    List<RunResult> results = new ArrayList<>();
    List<ChainedOptionsBuilder> runs = profile.runs();
    for (int i = 0; i < runs.size(); i++) {
      System.out.println(
          "# Profile " + profile.word() + ", part " + (i + 1) + " of " + runs.size());
      Collection<RunResult> part = new Runner(runs.get(i).build()).run();
      results.addAll(part);
    }
    ResultFormatFactory.getInstance(ResultFormatType.JSON, file).writeOut(Rounds.merged(results));
  }
}
