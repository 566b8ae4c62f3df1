package dev.conntrail;

import dev.conntrail.testbed.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;

/**
 * Has the processes that tests start begin as a user's do, from a jar: Java keeps its classes in an
 * archive beside it, which it does not of a folder of classes. Several hundred are started, and
 * reading and verifying classes is most of what a short one does, above all in a guest.
 */
public final class ChildJar {
  /** This process's own class path, which has the tests. */
  public static final String OWN = System.getProperty("java.class.path");

  /** Java starts soon, and says nothing of archives. */
  private static final List<String> SOON =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-Xlog:cds=off",
          "-Xlog:cds+dynamic=off",
          "-Xlog:aot=off");

  private static final Path CLASSES = Path.of("target", "classes").toAbsolutePath();

  /** What makes an archive of most that a command and its agents read. */
  private static final String TRAINING =
      """
      experiment: training
      testbed: loopback
      phases: {warmup: 0s, measure: 200ms, drain: 5s}
      matrix:
        - {data-plane: direct, protocol: [grpc, http1], connections: 4, pods: 2, rate: 50}
      """;

  private static Path jar;

  private ChildJar() {}

  /** From now on {@code java.class.path} names the jar, where this is a test of a build. */
  public static synchronized void use() {
    if (jar == null && List.of(OWN.split(":", -1)).contains(CLASSES.toString())) {
      try {
        jar = made();
        System.setProperty("java.class.path", jar.toString());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** The flags with which a command starts soon, which is not what it is tested for. */
  public static List<String> flags() {
    use();
    return jar == null ? List.of() : with("-XX:SharedArchiveFile=" + archive(jar));
  }

  private static List<String> with(String archive) {
    return Stream.concat(SOON.stream(), Stream.of(archive)).toList();
  }

  /** That of a command, beside a jar. */
  private static Path archive(Path of) {
    return of.resolveSibling("command.jsa");
  }

  /**
   * In a folder named after what is in it, so that none is of other classes; the fork that comes
   * first makes it, and others wait for that.
   */
  private static Path made() throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(CLASSES)) {
      files = all.filter(Files::isRegularFile).sorted().toList();
    }
    CRC32 state = new CRC32();
    for (Path file : files) {
      state.update((file + " " + Files.getLastModifiedTime(file)).getBytes(StandardCharsets.UTF_8));
    }
    state.update(OWN.getBytes(StandardCharsets.UTF_8));
    Path folder =
        Files.createDirectories(
            CLASSES.resolveSibling("children").resolve(Long.toHexString(state.getValue())));
    Path made = folder.resolve("workloads.jar");
    try (FileChannel channel =
            FileChannel.open(
                folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock _ = channel.lock()) {
      if (!Files.exists(made)) {
        Path part = folder.resolve("part").resolve("workloads.jar");
        Files.createDirectories(part.getParent());
        write(part, files);
        Files.move(part, made, StandardCopyOption.ATOMIC_MOVE);
        train(made);
      }
    }
    return made;
  }

  private static void write(Path to, List<Path> files) throws IOException {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.put(Attributes.Name.MAIN_CLASS, "dev.conntrail.cli.Conntrail");
    main.putValue("Enable-Native-Access", "ALL-UNNAMED");
    main.put(
        Attributes.Name.CLASS_PATH,
        Stream.of(OWN.split(":", -1))
            .filter(p -> p.endsWith(".jar"))
            .map(p -> Path.of(p).toUri().toString())
            .collect(Collectors.joining(" ")));
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(to), manifest)) {
      out.setLevel(Deflater.NO_COMPRESSION);
      for (Path file : files) {
        out.putNextEntry(new ZipEntry(CLASSES.relativize(file).toString()));
        Files.copy(file, out);
      }
    }
  }

  /** The agents of this run leave theirs as those of any run do. */
  private static void train(Path made) throws IOException {
    Path folder = made.getParent();
    Path spec = Files.writeString(folder.resolve("training.yaml"), TRAINING);
    List<String> command =
        Stream.of(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()),
                with("-XX:ArchiveClassesAtExit=" + archive(made)),
                List.of(
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    made.toString(),
                    "dev.conntrail.cli.Conntrail",
                    "run",
                    spec.toString(),
                    "--results",
                    folder.resolve("training").toString()))
            .flatMap(List::stream)
            .toList();
    Programs.run(command, "", Duration.ofMinutes(5));
  }
}
