package dev.conntrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who presses Ctrl-C while {@code load} runs wants to know what it saw until then. */
@Timeout(120)
class StoppedLoadTest {
  @TempDir private Path folder;

  @Test
  void itSaysWhatItSawAndLeavesNothing() throws Exception {
    int enough = 20;
    CountDownLatch came = new CountDownLatch(enough);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
          came.countDown();
        });
    server.start();
    try {
      CommandProcess load =
          CommandProcess.start(
              Map.of("JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + folder),
              ("load --no-pods --connections 1 --rate 100 --warmup-ms 0 --measure-ms 600000"
                      + " --target 127.0.0.1:"
                      + server.getAddress().getPort())
                  .split(" "));
      assertThat(came.await(60, TimeUnit.SECONDS)).as("%d requests", enough).isTrue();
      load.interrupt();
      assertThat(load.end())
          .containsPattern("requests due in the measure phase: [\\d,]{2,}, answered: [\\d,]{2,}")
          .contains("not kept; with --out DIR");
      assertThat(load.code()).isEqualTo(130);
      assertThat(folder).isEmptyDirectory();
    } finally {
      server.stop(0);
    }
  }
}
