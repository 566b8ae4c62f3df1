package dev.conntrail.testbed.kube;

import dev.conntrail.spec.KubeProxy;
import dev.conntrail.spec.ProxyProgram;
import dev.conntrail.testbed.Programs;
import dev.conntrail.testbed.Programs.Done;
import dev.conntrail.testbed.TestbedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What clusters of kind cannot be made without. */
public final class KindRequirements {
  /** The image may have to be fetched first. */
  private static final Duration PULL_LIMIT = Duration.ofMinutes(15);

  private KindRequirements() {}

  /**
   * Checks all that a run needs, whatever the mode.
   *
   * @throws TestbedException naming what lacks, and the mend
   */
  public static void require(ClusterOptions options) {
    tools();
    image(options.image());
  }

  /**
   * Checks that Docker runs and kind is there.
   *
   * @throws TestbedException naming what lacks, and the mend
   */
  public static void tools() {
    if (Programs.find("docker").isEmpty()) {
      throw new TestbedException(
          "testbed kind needs docker", "install Docker Engine, or take testbed netns");
    }
    answers();
    if (Programs.find("kind").isEmpty()) {
      throw new TestbedException(
          "testbed kind needs kind",
          "install it (https://kind.sigs.k8s.io), or take testbed netns");
    }
  }

  private static void answers() {
    Done docker =
        Programs.attempt(
            List.of("docker", "version", "--format", "{{.Server.Version}}"), "", Programs.SHORT);
    if (docker.exitCode() != 0) {
      throw new TestbedException(
          "Docker does not answer: " + firstLine(docker),
          "start it (systemctl start docker) or set DOCKER_HOST");
    }
  }

  /**
   * Checks that an image is in Docker.
   *
   * @throws TestbedException with the mend
   */
  public static void image(String image) {
    if (Programs.find("docker").isEmpty()) {
      throw new TestbedException("no docker to ask for the image", "install Docker Engine");
    }
    Done done = Programs.attempt(List.of("docker", "image", "inspect", image), "", Programs.SHORT);
    if (done.exitCode() != 0) {
      answers();
      throw new TestbedException(
          "Docker has no image " + image, "scripts/image.sh, or name yours with --image");
    }
  }

  /**
   * The Kubernetes of a node image: its tag, or, where that is no release, what it says inside, as
   * kind itself reads it.
   *
   * @param image empty for kind's own, whose is found out when a cluster of it is there
   */
  public static String version(String image) {
    String tag = image.replaceFirst("@.*", "").replaceFirst(".*:", "");
    if (image.isEmpty() || KubeProxy.of(tag).isPresent()) {
      return tag;
    }
    Done done = inside(image, List.of("--entrypoint=cat"), List.of("/kind/version"), PULL_LIMIT);
    return done.exitCode() == 0 ? done.out().strip() : tag;
  }

  /** Runs a program of an image, which Docker pulls where it is not there. */
  private static Done inside(
      String image, List<String> options, List<String> arguments, Duration limit) {
    List<String> command = new ArrayList<>(List.of("docker", "run", "--rm", "--network=none"));
    command.addAll(options);
    command.add(image);
    command.addAll(arguments);
    return Programs.attempt(command, "", limit);
  }

  /**
   * Checks that an image has the program of a proxy.
   *
   * @throws TestbedException with the mend
   */
  public static void proxy(String image, ProxyProgram program) {
    image(image);
    String look = "PATH=$PATH:/usr/sbin:/sbin; command -v " + program.word();
    Done done = inside(image, List.of("--entrypoint=sh"), List.of("-c", look), Programs.SHORT);
    if (done.exitCode() != 0) {
      throw new TestbedException(
          "the image " + image + " has no program " + program.word(),
          "scripts/setup.sh --proxies, then scripts/image.sh");
    }
  }

  /**
   * Checks that the kernel that Docker runs on has ip_vs: kube-proxy in ipvs mode ends without it.
   *
   * @throws TestbedException with the reason and the mend
   */
  public static void ipvs(ClusterOptions options) {
    String image = options.nodeImage().isEmpty() ? options.image() : options.nodeImage();
    Done done =
        inside(
            image,
            List.of("--privileged", "--volume=/lib/modules:/lib/modules:ro", "--entrypoint=sh"),
            List.of(
                "-c",
                "test -e /proc/net/ip_vs || modprobe ip_vs; test -e /proc/net/ip_vs || { uname -r; exit 1; }"),
            PULL_LIMIT);
    if (done.exitCode() != 0) {
      throw new TestbedException(
          "mode ipvs: the kernel that Docker runs on ("
              + done.out().strip()
              + ") has no ip_vs: "
              + firstLine(done),
          "`modprobe ip_vs` where the kernel has it as a module, another kernel, or leave data plane ipvs out");
    }
  }

  /** What a program said first. */
  static String firstLine(Done done) {
    return (done.err() + done.out()).strip().lines().findFirst().orElse("it said nothing");
  }
}
