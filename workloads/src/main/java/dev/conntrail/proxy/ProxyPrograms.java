package dev.conntrail.proxy;

import dev.conntrail.spec.ProxyProgram;
import dev.conntrail.testbed.Check;
import dev.conntrail.testbed.Programs;
import dev.conntrail.testbed.TestbedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Where proxies' programs are: on PATH, or where {@code scripts/setup.sh} puts what it gets. */
public final class ProxyPrograms {
  private ProxyPrograms() {}

  /** One of them, if it is there. */
  public static Optional<Path> find(ProxyProgram program) {
    return Programs.find(program.word()).or(() -> cached(program));
  }

  private static Optional<Path> cached(ProxyProgram program) {
    return Optional.of(cache().resolve(program.word())).filter(Files::isExecutable);
  }

  /** The folder of what was got. */
  private static Path cache() {
    return Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
        .filter(c -> !c.isEmpty())
        .map(Path::of)
        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"))
        .resolve("conntrail");
  }

  /**
   * One of them.
   *
   * @throws TestbedException with the mend, if it is not there
   */
  public static Path require(ProxyProgram program) {
    return find(program)
        .orElseThrow(() ->
            new TestbedException(
                "found no program " + program.word() + ", on PATH or in " + cache(),
                ProxyAdapter.of(program).mend()));
  }

  /** The version of each that is there, as it says it itself, by its word. */
  public static Map<String, String> versions() {
    Map<String, String> versions = new TreeMap<>();
    for (ProxyProgram program : ProxyProgram.values()) {
      find(program)
          .ifPresent(file -> versions.put(program.word(), ProxyAdapter.of(program).version(file)));
    }
    return versions;
  }

  /** The first line of what a program says of its version. */
  static String said(Path file, String option) {
    Programs.Done done = Programs.attempt(List.of(file.toString(), option), "", Programs.SHORT);
    return (done.out() + done.err()).strip().lines().findFirst().orElse("");
  }

  /** What is there of them. */
  public static List<Check> checks() {
    return Arrays.stream(ProxyProgram.values()).map(ProxyPrograms::check).toList();
  }

  private static Check check(ProxyProgram program) {
    String name = "program " + program.word() + ", for routes through it";
    return find(program)
        .map(file -> new Check(name, true, false, file.toString(), ""))
        .orElseGet(
            () -> new Check(name, false, false, "not found", ProxyAdapter.of(program).mend()));
  }
}
