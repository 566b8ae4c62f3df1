package dev.conntrail.jmh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * JMH's own command line, and before it {@code --profile}, which runs a list of choices and writes
 * them to one JSON file.
 */
public final class Main {
  private static final String PROFILE = "--profile";
  private static final String USAGE = "--profile WORD [FILE.json], WORD one of " + Profile.words();
  private static final int WRONG_USAGE = 2;
  private static final int FAILED = 4;

  private Main() {}

  /**
   * Runs.
   *
   * @param arguments {@code --profile WORD [FILE.json]}, or JMH's
   */
  public static void main(String[] arguments) throws Exception {
    if (arguments.length == 0 || !arguments[0].equals(PROFILE)) {
      if (Arrays.asList(arguments).contains("-h") || Arrays.asList(arguments).contains("--help")) {
        System.out.println("Conntrail: " + USAGE + "; or as the first word any of JMH's:\n");
      }
      org.openjdk.jmh.Main.main(arguments);
      return;
    }
    try {
      if (arguments.length < 2 || arguments.length > 3) {
        throw new IllegalArgumentException("usage: " + USAGE);
      }
      run(Profile.of(arguments[1]), arguments.length == 3 ? arguments[2] : "jmh.json");
    } catch (IllegalArgumentException e) {
      System.err.println("benchmarks: " + e.getMessage());
      System.exit(WRONG_USAGE);
    } catch (RunnerException e) {
      System.err.println("benchmarks: " + e.getMessage());
      System.exit(FAILED);
    }
  }

  private static void run(Profile profile, String file) throws RunnerException, IOException {
    Path archive = Files.createTempDirectory("conntrail-jmh").resolve("classes.jsa");
    try {
      Rounds rounds =
          new Rounds(
              profile.judged(),
              profile.rounds(),
              choice -> measured(choice.on(profile.fork().verbosity(VerboseMode.SILENT)), archive),
              System.out::println);
      rounds.next();
      List<RunResult> others = new ArrayList<>();
      for (ChainedOptionsBuilder options : profile.others()) {
        others.addAll(measured(options, archive));
      }
      while (rounds.more()) {
        rounds.next();
      }
      rounds.again();
      List<RunResult> results = new ArrayList<>(rounds.merged());
      results.addAll(others);
      ResultFormatFactory.getInstance(ResultFormatType.JSON, file).writeOut(results);
    } finally {
      Files.deleteIfExists(archive);
      Files.deleteIfExists(archive.getParent());
    }
  }

  /** A class-data archive, which the first fork leaves to the others, halves their start. */
  private static List<RunResult> measured(ChainedOptionsBuilder options, Path archive)
      throws RunnerException {
    return List.copyOf(
        new Runner(
                options
                    .jvmArgsPrepend(
                        "-XX:+AutoCreateSharedArchive",
                        "-XX:SharedArchiveFile=" + archive,
                        "-Xlog:cds=off",
                        "-Xlog:cds+dynamic=off",
                        "-Xlog:aot=off")
                    .build())
            .run());
  }
}
