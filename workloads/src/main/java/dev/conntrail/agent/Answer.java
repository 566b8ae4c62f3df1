package dev.conntrail.agent;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.conntrail.posix.ProcessUse;
import dev.conntrail.result.FileTrees;
import dev.conntrail.result.FolderZip;
import dev.conntrail.spec.EchoPod;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** What an agent answers, a line of JSON whose {@code answer} is the record's name. */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "answer")
public sealed interface Answer {
  /** What an agent says unasked: it is the answer to no order. */
  sealed interface Unasked extends Answer {}

  /** Its process was told to end (SIGTERM). */
  record ToldToEnd() implements Unasked {}

  /**
   * It ends now, and this is what it had to tell.
   *
   * @param files as in the answer to {@link Order.Take}
   */
  record LastWords(Files files) implements Unasked {}

  /** An order could not be carried out, or was none. */
  record Refused(String why) implements Answer {}

  /** The agent's wall clock, nanoseconds since the epoch. */
  record Clock(long epochNs) implements Answer {}

  /** An order was carried out, and there is nothing to say of it. */
  record Done() implements Answer {}

  /** What the agent's process, or the program that it runs, has had of the machine. */
  record Used(ProcessUse use) implements Answer {}

  /**
   * Programs of proxies.
   *
   * @param versions as they say them, by their words
   */
  record Programs(Map<String, String> versions) implements Answer {
    public Programs {
      versions = Map.copyOf(versions);
    }
  }

  /** The pods that are served, with the ports that they listen on. */
  record Serving(List<EchoPod> pods) implements Answer {
    public Serving {
      pods = List.copyOf(pods);
    }
  }

  /**
   * What pods are after an order.
   *
   * @param connections how many each has open
   */
  record Open(Map<String, Integer> connections) implements Answer {
    public Open {
      connections = Map.copyOf(connections);
    }
  }

  /** The addresses that a name has; none where it is not known. */
  record Addresses(List<String> addresses) implements Answer {
    public Addresses {
      addresses = List.copyOf(addresses);
    }
  }

  /** All connections are open, but for those that failed. */
  record Connected() implements Answer {}

  /**
   * The files that an order made; the agent has them no more.
   *
   * @param zip as a ZIP, whose checksums tell a loss, in Base64
   */
  record Files(String zip) implements Answer {
    /** The files of a folder. */
    public static Files of(Path folder) throws IOException {
      return new Files(Base64.getEncoder().encodeToString(FolderZip.of(folder)));
    }

    /**
     * Writes them into a folder.
     *
     * @throws IOException if they arrived damaged
     */
    public void unpack(Path folder) throws IOException {
      FolderZip.unpack(Base64.getDecoder().decode(zip), folder);
    }

    /** Reads something of them. */
    @FunctionalInterface
    interface Reader<T> {
      /** What is in the folder that they were unpacked into. */
      T read(Path unpacked) throws IOException;
    }

    /**
     * What is in them; they do not stay.
     *
     * @param folder in which they are unpacked meanwhile, in one of their own
     * @throws IOException if they arrived damaged
     */
    <T> T read(Path folder, Reader<T> reader) throws IOException {
      Path own = java.nio.file.Files.createTempDirectory(folder, "files");
      try {
        unpack(own);
        return reader.read(own);
      } finally {
        FileTrees.delete(own);
      }
    }
  }

  /** What the timer saw. */
  record Timed(List<TimerPlan.Timed> times) implements Answer {
    public Timed {
      times = List.copyOf(times);
    }
  }

  /** A repetition ended; {@code done} of {@code all} are. */
  record Repetition(int done, int all, String what) implements Answer {}

  /** A line for the user. */
  record Said(String line) implements Answer {}

  /**
   * Cells were run.
   *
   * @param folder the name of the results, in the folder that the guest may write
   */
  record Measured(String folder) implements Answer {}
}
