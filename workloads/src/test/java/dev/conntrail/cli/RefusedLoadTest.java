package dev.conntrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code load} does not take, or keep: where that is, and what is allowed. */
class RefusedLoadTest {
  @TempDir private Path folder;

  private String refused(String... words) {
    List<String> out = List.of("load", "--target", "127.0.0.1:1", "--out", folder.toString());
    String[] all = Stream.concat(out.stream(), Stream.of(words)).toArray(String[]::new);
    Called called = Called.with(all);
    assertThat(called.code()).isEqualTo(ExitCode.USAGE);
    assertThat(folder).isEmptyDirectory();
    return called.err();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "grpc | --expect-status | 404 | found '404 with protocol grpc'; allowed: it with http1,",
        "websocket | --expect-status | 101 | found '101 with protocol websocket'; allowed: it with",
        "http1 | --expect-status | 200,1000 | found '1000'; allowed: from 200 to 599",
        "http2 | --expect-status | 100 | found '100'; allowed: from 200 to 599",
        "grpc-stream | --method | PUT | found 'PUT with protocol grpc-stream'; allowed: it with",
        "http1 | --method | put | found 'put'; allowed: a word in capitals",
        "http1 | --path | a b | found 'a b'; allowed: one that begins with /",
        "grpc | --path | /a | found '/a'; allowed: --grpc-method with protocol grpc",
        "grpc | --header | TE: trailers | found 'TE: trailers'; allowed: fields that gRPC does not",
        "grpc | --header | Content-Type: a/b | allowed: fields that gRPC does not have by itself",
        "http1 | --header | Connection: close | allowed: fields that do not frame messages",
        "http1 | --header | a | found 'a'; allowed: 'NAME: VALUE'",
        "websocket | --pod-header | pod | allowed: a field's name; with websocket --pod-pattern",
        "http1 | --pod-pattern | ( | found '('; allowed: a regular expression (",
      })
  void itIsNamedWithWhatIsAllowed(String protocol, String option, String value, String said) {
    assertThat(refused("--protocol", protocol, option, value)).contains(option + ": ", said);
  }

  @Test
  void whoNamesNoFolderIsToldThatNothingIsKept() {
    Called called =
        Called.with(
            "load --target 127.0.0.1:1 --connections 1 --rate 100 --warmup-ms 0 --measure-ms 100"
                .split(" "));
    assertThat(called.code()).isEqualTo(ExitCode.CELLS);
    assertThat(called.out())
        .contains("127.0.0.1:1: Connection refused", "not kept; with --out DIR");
  }

  @Test
  void moreConnectionsThanThisProcessMayHaveFiles() {
    long files =
        ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getMaxFileDescriptorCount();
    assertThat(refused("--connections", Long.toString(files)))
        .contains(
            "--connections: found '" + files + "'; allowed: up to " + (files - 200),
            "mend: ulimit -n, or several of load");
  }
}
