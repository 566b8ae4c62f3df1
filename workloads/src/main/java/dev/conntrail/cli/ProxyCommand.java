package dev.conntrail.cli;

import dev.conntrail.agent.AgentLoop;
import dev.conntrail.agent.ProxyAgent;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Runs proxies where it is. */
@Command(
    name = "proxy",
    hidden = true,
    description = "Take orders on standard input: start a proxy here, change its pods, drain it.")
final class ProxyCommand implements Callable<Integer> {
  @Override
  public Integer call() throws IOException, InterruptedException {
    try (ProxyAgent agent = new ProxyAgent()) {
      AgentLoop.serve(agent);
    }
    return ExitCode.OK;
  }
}
