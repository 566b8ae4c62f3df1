package dev.conntrail.proxy;

import dev.conntrail.testbed.Check;
import dev.conntrail.testbed.LocalTestbed;
import dev.conntrail.testbed.Place;
import dev.conntrail.testbed.Programs;
import dev.conntrail.testbed.TestbedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * dnsmasq, which knows one name: that of a headless Service, with an A record for each of its
 * endpoints. They change while it runs: it reads its file anew when it is told to.
 */
public final class DnsServer implements AutoCloseable {
  /** The name. */
  public static final String NAME = "echo.default.svc.cluster.local";

  private static final String PROGRAM = "dnsmasq";
  private static final String MEND = "apt-get install -y --no-install-recommends dnsmasq-base";
  private static final String RECORDS = "records";

  private final HeldProgram program;
  private final Path log;

  private DnsServer(HeldProgram program, Path log) {
    this.program = program;
    this.log = log;
  }

  /**
   * Starts one and waits until it has its records.
   *
   * @param ttlS time to live of its records, seconds
   * @param addresses of the endpoints
   * @param log gets what it says, each question that it is asked included
   * @throws TestbedException if the program is not there, or does not start
   */
  public static DnsServer start(
      LocalTestbed testbed, Place place, int ttlS, Collection<String> addresses, Path log)
      throws IOException {
    Path file = require();
    HeldProgram program =
        HeldProgram.start(
            PROGRAM,
            folder -> {
              write(folder, addresses);
              return command(file, place, ttlS, folder);
            },
            command -> testbed.start(place, command, log),
            log);
    try {
      DnsServer server = new DnsServer(program, log);
      program.awaitListening(() -> server.timesRead() > 0);
      return server;
    } catch (RuntimeException e) {
      program.close();
      throw e;
    }
  }

  private static List<String> command(Path file, Place place, int ttlS, Path folder) {
    return List.of(
        file.toString(),
        "--keep-in-foreground",
        "--conf-file=/dev/null",
        "--user=root",
        "--group=root",
        "--pid-file",
        "--log-facility=-",
        "--log-queries",
        "--bind-interfaces",
        "--listen-address=" + place.address(),
        "--no-resolv",
        "--no-hosts",
        "--local=/cluster.local/",
        "--local-ttl=" + ttlS,
        "--addn-hosts=" + folder.resolve(RECORDS));
  }

  private static void write(Path folder, Collection<String> addresses) throws IOException {
    Path fresh = folder.resolve(RECORDS + ".new");
    Files.writeString(
        fresh, addresses.stream().map(a -> a + " " + NAME + "\n").collect(Collectors.joining()));
    Files.move(
        fresh,
        folder.resolve(RECORDS),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /** The name has these addresses from now on, and no others; returns when that is so. */
  public void serve(Collection<String> addresses) throws IOException {
    long before = timesRead();
    write(program.folder(), addresses);
    Programs.run(List.of("kill", "-HUP", Long.toString(program.pid())), "", Programs.SHORT);
    program.awaitTaken("records", () -> timesRead() > before);
  }

  /** How often it has read its records. */
  private long timesRead() throws IOException {
    return lines(line -> line.contains(": read ") && line.endsWith(" names"));
  }

  /** How often it was asked for addresses of the name. */
  public long asked() throws IOException {
    return lines(line -> line.contains(": query[A] " + NAME + " from "));
  }

  private long lines(Predicate<String> which) throws IOException {
    try (Stream<String> all = Files.lines(log)) {
      return all.filter(which).count();
    }
  }

  @Override
  public void close() {
    program.close();
  }

  /**
   * The program.
   *
   * @throws TestbedException with the mend, if it is not there
   */
  public static Path require() {
    return Programs.find(PROGRAM)
        .orElseThrow(() -> new TestbedException("found no program " + PROGRAM, MEND));
  }

  /** The version of the program by its name; empty if it is not there. */
  public static Map<String, String> version() {
    return Programs.find(PROGRAM)
        .map(file -> Map.of(PROGRAM, ProxyPrograms.said(file, "--version")))
        .orElse(Map.of());
  }

  /** Whether it is there. */
  public static Check check() {
    String name = "program " + PROGRAM + ", for clients that ask for a name";
    return Programs.find(PROGRAM)
        .map(file -> new Check(name, true, false, file.toString(), ""))
        .orElseGet(() -> new Check(name, false, false, "not found", MEND));
  }
}
