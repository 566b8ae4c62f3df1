package dev.conntrail.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.spec.ProxyPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessLogTest {
  @TempDir private Path folder;

  /** A pod that takes no connection gets no request, whatever the program calls that. */
  @Test
  void whatNoPodTookWentToNoneAndWhatItTookMayHaveNoAnswer() throws IOException {
    ProxyPlan plan =
        new ProxyPlan(
            ProxyPolicy.HAPROXY_LEASTCONN,
            "10.0.0.9",
            8080,
            false,
            List.of(new Backend("pod-1", "10.0.0.1", 8080)),
            ProxyPlan.Limits.NONE,
            ProxyPlan.Limits.NONE,
            ProxyPlan.Options.NONE);
    Files.writeString(
        HeldProgram.output(folder),
        """
        starting up
        request 10.0.0.5:40000 10.0.0.9:50000 pod-1 2 0
        request 10.0.0.5:40000 10.0.0.9:50000 pod-1 -1 0
        request 10.0.0.5:40000 10.0.0.9:50002 pod-1 -1 -1
        request 10.0.0.5:40002 10.0.0.9:50004 10.0.0.1:8080 3
        request 10.0.0.5:40002 10.0.0.9:50004 10.0.0.1:8080 -
        request 10.0.0.5:40002 - 10.0.0.1:8080 -
        request 10.0.0.5:40002 - - -
        """);
    assertThat(AccessLog.read(plan, folder))
        .extracting(p -> p.pod().orElse("none") + (p.answered() ? " answered" : ""))
        .containsExactly(
            "pod-1 answered", "pod-1", "none", "pod-1 answered", "pod-1", "none", "none");
  }
}
