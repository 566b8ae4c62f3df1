package dev.conntrail.testbed;

import dev.conntrail.testbed.Programs.Done;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A testbed on this machine: programs run in its places as children of this process. */
public sealed interface LocalTestbed extends Testbed permits NetnsTestbed, LoopbackTestbed {
  /** The nodes, each with rules of its own. */
  List<Place> nodes();

  /** Where a DNS server runs that clients ask; none or one. */
  List<Place> dns();

  /** The first node. */
  default Place node() {
    return nodes().getFirst();
  }

  /** Whether nodes have rules and connection tables of their own. */
  boolean hasTables();

  /** Where the echo process starts. */
  Place echoPlace();

  /** A command as it has to be started to run in a place. */
  List<String> inside(Place place, List<String> command);

  /**
   * Makes a pod fall silent: packets to and from it vanish, without a word of any kernel, while its
   * address goes on to be resolved.
   */
  void silence(Place pod);

  /** Takes that back. */
  void unsilence(Place pod);

  /** Runs a program in a place; its output if all goes well. */
  default String run(Place place, List<String> command, String input, Duration limit) {
    return Programs.run(inside(place, command), input, limit);
  }

  /** Runs a program in a place, whatever its exit code. */
  default Done attempt(Place place, List<String> command, String input, Duration limit) {
    return Programs.attempt(inside(place, command), input, limit);
  }

  /**
   * Starts a program in a place. It is in a session of its own, so that Ctrl-C reaches only this
   * process, which then ends it in order; and it ends when its standard input does, so that it does
   * not outlive this process.
   *
   * @param log gets standard error
   */
  default Process start(Place place, List<String> command, Path log) throws IOException {
    return new ProcessBuilder(Programs.ownSession(inside(place, command)))
        .redirectError(log.toFile())
        .start();
  }
}
