package dev.conntrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class RulesCommandTest {
  @TempDir private Path folder;

  private record Ended(int code, String out, String err) {}

  private static Ended run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line =
        Conntrail.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return new Ended(line.execute(arguments), out.toString(), err.toString());
  }

  private static void refuses(Path objects, String message) {
    Ended ended = run("rules", "--objects", objects.toString(), "--data-plane", "iptables");
    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err().strip()).isEqualTo("conntrail: " + objects + ": " + message);
  }

  @Test
  void objectsThatAreNoneEndWithTwoAndOneLine() throws IOException {
    Path file = folder.resolve("objects.yaml");
    String allowed = "the output of `kubectl get services,endpointslices -A -o yaml`";
    refuses(file, "no such file; allowed: " + allowed);
    refuses(folder, "cannot be read (Is a directory); allowed: " + allowed);
    Files.writeString(file, "{apiVersion: v1, kind: Service, metadata: {name: a}}");
    refuses(
        file, "Service default/a: spec: found nothing; allowed: a map with clusterIP and ports");
    Files.write(file, new byte[] {(byte) 0xff});
    refuses(file, "found bytes that are no UTF-8 text; allowed: YAML or JSON in UTF-8");
  }

  @Test
  void helpFitsATerminal() {
    String help = run("rules", "--help").out();
    assertThat(help.lines()).allMatch(l -> l.length() <= 80).anyMatch(l -> l.contains("conntrail"));
    assertThat(help).startsWith("Usage: conntrail rules ").doesNotContain("java -jar");
  }
}
