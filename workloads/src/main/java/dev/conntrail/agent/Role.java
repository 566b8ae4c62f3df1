package dev.conntrail.agent;

import java.util.List;

/** What this program is when it is an agent: its flags of Java, and its command. */
public enum Role {
  /** Serves pods. */
  ECHO,
  /** Is a client. */
  LOAD,
  /** Runs a proxy. */
  PROXY,
  /** Times connects. */
  TIMER,
  /** Is the whole of a User-mode Linux guest. */
  GUEST;

  /**
   * The flags of its Java: small heaps and one collector thread, for the processes share few cores
   * with the kernel that they measure. Java itself keeps no answer of DNS, so that what a library
   * keeps can be seen. A client stands still when it collects what it threw away, so it does that
   * late. A guest has one CPU and little memory, may not write where Java would, and starts
   * programs slowly: Java starts them without one in between.
   */
  public List<String> flags() {
    return switch (this) {
      case ECHO, PROXY, TIMER -> small("-Xms256m");
      case LOAD -> small("-Xms512m");
      case GUEST ->
          List.of(
              "-Xmx512m",
              "-XX:+UseSerialGC",
              "-XX:-UsePerfData",
              "-XX:TieredStopAtLevel=1",
              "-Djava.io.tmpdir=/run/tmp",
              "-Djdk.lang.Process.launchMechanism=VFORK",
              "--enable-native-access=ALL-UNNAMED",
              "--sun-misc-unsafe-memory-access=allow");
    };
  }

  private static List<String> small(String heap) {
    return List.of(
        heap,
        "-Xmx1g",
        "-XX:+UseSerialGC",
        "-XX:-UsePerfData",
        "-XX:TieredStopAtLevel=1",
        "-Dsun.net.inetaddr.ttl=0",
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow");
  }

  /** Its command line. */
  List<String> arguments() {
    return switch (this) {
      case ECHO -> List.of("echo", "--orders", "--idle");
      case LOAD -> List.of("load", "--orders");
      case PROXY -> List.of("proxy");
      case TIMER -> List.of("calibrate", "--timer");
      case GUEST -> List.of("guest");
    };
  }
}
