package dev.conntrail.cli;

import dev.conntrail.agent.AgentLoop;
import dev.conntrail.agent.LoadAgent;
import dev.conntrail.load.LoadOutcome;
import dev.conntrail.load.RunSignals;
import dev.conntrail.load.StartSignal;
import dev.conntrail.result.ClientFolder;
import dev.conntrail.result.FileTrees;
import dev.conntrail.result.Json;
import dev.conntrail.spec.Exchange.Teller;
import dev.conntrail.spec.LoadPlan;
import dev.conntrail.spec.Named;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Drives load at a server. */
@Command(
    name = "load",
    mixinStandardHelpOptions = true,
    description = {
      "Drive load at an echo or any server of HTTP, gRPC or WebSocket in cleartext (HTTP/2 by prior knowledge) and print what was seen; with --out write it too: connections.csv (the ledger), latency.hlog, due.hlog, intervals.csv, pod-bins.csv, errors.csv, totals.json.",
      "Replies say which pod answered: those of an echo by themselves, others by --pod-header or --pod-pattern. With --no-pods they do not, and the kernel's table says where connections went, if it may be asked. Test only machines that are yours."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  conntrail load --connections 64 --target 127.0.0.1:8080",
      "  conntrail load --protocol http1 --connections 20 --rate 500 \\",
      "    --target 127.0.0.1:8080 --out out",
      "  conntrail load --protocol grpc --pooling shared --connections 20 \\",
      "    --target 127.0.0.1:9090 --out out",
      "  conntrail load --protocol http2 --connections 1000 \\",
      "    --target 127.0.0.1:8080 --out out",
      "  conntrail load --connections 50 --rate 100..1000 --arrivals poisson \\",
      "    --target 127.0.0.1:8080 --out out",
      "  conntrail load --connections 50 --rate 200 --path /api \\",
      "    --pod-header x-served-by --target 10.0.0.7:80 --out out",
      "  conntrail load --protocol grpc --grpc-method shop.v1.Cart/Add \\",
      "    --body '{\"item\": 7}' --no-pods --target 10.0.0.7:9090 --out out",
      "  conntrail load --connections 50 --rate 200 --json \\",
      "    --target 127.0.0.1:8080 --out out | jq .requests.errors",
      "",
      "Exit codes: 0 ok, 2 usage, 3 prerequisite, 4 no request that was due in the",
      "measure phase was answered, 5 what --fail-on names (before 4), 130 stopped by",
      "Ctrl-C, 143 by SIGTERM."
    })
final class LoadCommand implements Callable<Integer> {
  /** Words that can be asked for, for completion. */
  static final class Failures implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Named.words(LoadFailure.class).iterator();
    }
  }

  /** How long it takes at most, when the drain has ended, to close, to write and to print. */
  private static final Duration AFTER_DRAIN = Duration.ofSeconds(10);

  @Spec private CommandSpec spec;

  /** {@code help} has nothing to do with help: no other option is needed beside it. */
  @SuppressWarnings("deprecation")
  @Option(
      names = "--orders",
      help = true,
      description =
          "Take orders on standard input in place of all other options, end when it ends.")
  private boolean orders;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "A folder to write to, which has no results of another load (default: what was seen is printed, and nothing kept).")
  private Path out;

  @Option(
      names = "--json",
      description =
          "Print what was seen as one JSON object, whose fields results/README.md explains.")
  private boolean json;

  @Option(
      names = "--fail-on",
      paramLabel = "WORDS",
      hideParamSyntax = true,
      split = ",",
      completionCandidates = Failures.class,
      description =
          "End with 5 if a request or connect of any phase failed (failed), a request of any phase had no answer when the drain ended (unanswered), or the client was short of CPU (short-of-cpu); several are joined by commas.")
  private List<String> failOn = List.of();

  @Mixin private LoadOptions options;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (orders) {
      AgentLoop.serve(new LoadAgent());
      return ExitCode.OK;
    }
    Set<LoadFailure> failures = FailOn.of(spec, failOn, EnumSet.allOf(LoadFailure.class));
    LoadPlan plan = options.plan();
    CountDownLatch stop = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(1);
    Thread told = new Thread(() -> drained(stop, done, plan.phases().drain().plus(AFTER_DRAIN)));
    if (out != null) {
      free(new ClientFolder(out));
    }
    Path folder = out == null ? Files.createTempDirectory("conntrail-load") : out;
    Runtime.getRuntime().addShutdownHook(told);
    try {
      return load(plan, new ClientFolder(folder), failures, stop);
    } finally {
      if (out == null) {
        FileTrees.delete(folder);
      }
      done.countDown();
    }
  }

  /** On Ctrl-C or SIGTERM: what was seen until then is said before this process ends. */
  private static void drained(CountDownLatch stop, CountDownLatch done, Duration patience) {
    stop.countDown();
    try {
      boolean _ = done.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private int load(
      LoadPlan plan, ClientFolder files, Set<LoadFailure> failures, CountDownLatch stop)
      throws IOException, InterruptedException {
    LoadOutcome outcome = LoadAgent.run(plan, files, new RunSignals(stop, StartSignal.AT_ONCE));
    KernelAnswers kernel =
        plan.exchange().teller() == Teller.NOTHING
            ? KernelAnswers.ask(outcome.ledger())
            : KernelAnswers.NOT_ASKED;
    kernel.writeTo(files);
    LoadAnswer answer =
        LoadAnswer.of(outcome, kernel, options.addresses(), Optional.ofNullable(out), failures);
    PrintWriter console = spec.commandLine().getOut();
    if (json) {
      console.println(Json.answer(answer));
    } else {
      LoadText.lines(answer).forEach(console::println);
    }
    console.flush();
    return answer.exitCode();
  }

  /** Refuses a folder that cannot be written, or that another load has written. */
  private void free(ClientFolder folder) {
    WritableFolder.require(spec, "--out", out);
    if (Files.exists(folder.totals())) {
      throw new ParameterException(
          spec.commandLine(),
          "--out: found '"
              + out
              + "', which has the results of another load; allowed: a folder that has none; mend:"
              + " another name, or move that one away");
    }
  }
}
