package dev.conntrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.result.Environment;
import dev.conntrail.result.Json;
import dev.conntrail.result.Manifest;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.Tables;
import dev.conntrail.result.row.Agreement;
import dev.conntrail.result.row.ConnectionRow;
import dev.conntrail.result.row.InstallRow;
import dev.conntrail.result.row.LogRow;
import dev.conntrail.result.row.Mark;
import dev.conntrail.result.row.RunStatus;
import dev.conntrail.result.row.Step;
import dev.conntrail.result.row.SummaryRow;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.IptablesBackend;
import dev.conntrail.testbed.Programs;
import dev.conntrail.testbed.kube.Connection;
import dev.conntrail.testbed.kube.KindCluster;
import dev.conntrail.testbed.kube.Settings;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * Against real clusters. Needs Docker, kind and the image of {@code scripts/image.sh};
 * CONNTRAIL_NODE_IMAGE names a node image that is there.
 */
@Tag("kind")
@TestInstance(Lifecycle.PER_CLASS)
class KindTest {
  @TempDir private static Path folder;
  private Path results;
  private RunFolder ofBothModes;
  private KindCluster cluster;
  private KubernetesClient client;

  /** The run's first cluster, which it is told to keep, serves the other tests. */
  @BeforeAll
  void runInBothModes() throws Exception {
    results = folder.resolve("results");
    CommandProcess run =
        start(
            spec(1, "700ms", cells("iptables", "http1, grpc"), cells("nftables, direct", "http1")),
            "--testbed",
            "kind",
            "--keep");
    String output = run.end();
    assertThat(run.code()).as(output).isZero();
    ofBothModes = resultsOf(output);
    List<String> kept = ourClusters();
    assertThat(kept).hasSize(2);
    String other = only(kept, DataPlane.NFTABLES);
    Programs.run(List.of("kind", "delete", "cluster", "--name", other), "", Duration.ofMinutes(2));
    cluster = KindCluster.reuse(only(kept, DataPlane.IPTABLES), folder);
    client = Connection.of(cluster.kubeconfig());
  }

  private static String only(List<String> clusters, DataPlane mode) {
    List<String> of = clusters.stream().filter(c -> c.endsWith("-" + mode.word())).toList();
    assertThat(of).hasSize(1);
    return of.getFirst();
  }

  /** What a killed run has left is deleted, and what a run was told to keep. */
  @AfterAll
  void deleteClusters() throws Exception {
    if (client != null) {
      client.close();
    }
    CommandProcess run =
        start(small(1, "1s", "iptables", "http1"), "--testbed", "kind", "--no-report");
    run.readUntil("making the kind cluster");
    for (int i = 0; i < 600 && ourClusters().size() < 2; i++) {
      Thread.sleep(100);
    }
    // kind goes on without it
    run.kill();
    assertThat(ourClusters()).hasSize(2);
    assertThat(CommandProcess.start(Map.of(), "testbed", "down").end())
        .contains("deleted the kind cluster " + KindCluster.NAME_START + "ct")
        .contains("left by a run that was killed")
        .contains("which a run was told to keep");
    assertThat(ourClusters()).isEmpty();
  }

  @AfterEach
  void nothingIsLeftInTheCluster() {
    assertThat(ourNamespaces()).isEmpty();
  }

  private List<String> ourNamespaces() {
    return client
        .namespaces()
        .withLabel(Settings.MANAGED_BY, Settings.CONNTRAIL)
        .list()
        .getItems()
        .stream()
        .map(n -> n.getMetadata().getName())
        .toList();
  }

  /** Until a run has made its own. */
  private void awaitNamespace() throws InterruptedException {
    while (ourNamespaces().isEmpty()) {
      Thread.sleep(50);
    }
  }

  private static List<String> ourClusters() {
    return Programs.run(List.of("kind", "get", "clusters"), "", Programs.SHORT)
        .lines()
        .filter(l -> l.startsWith(KindCluster.NAME_START + "ct"))
        .toList();
  }

  private void noOtherClusterIsThere() {
    assertThat(ourClusters()).containsExactly(cluster.name());
  }

  private static String cells(String planes, String protocols) {
    return "  - {data-plane: [%s], protocol: [%s], connections: 40, pods: 4, clients: 2, rate: 200}\n"
        .formatted(planes, protocols);
  }

  private String small(int repetitions, String measure, String planes, String protocols)
      throws IOException {
    return spec(repetitions, measure, cells(planes, protocols));
  }

  private String spec(int repetitions, String measure, String... matrix) throws IOException {
    Path file = Files.createTempFile(folder, "small", ".yaml");
    Files.writeString(
        file,
        """
        experiment: small
        repetitions: %d
        phases: {warmup: 300ms, measure: %s, drain: 10s}
        matrix:
        """
                .formatted(repetitions, measure)
            + String.join("", matrix));
    return file.toString();
  }

  private CommandProcess start(String spec, String... options) throws IOException {
    return start(Map.of(), spec, options);
  }

  private CommandProcess start(Map<String, String> environment, String spec, String... options)
      throws IOException {
    return CommandProcess.start(
        environment,
        Stream.concat(
                Stream.of("run", spec, "--results", results.toString()), Arrays.stream(options))
            .toArray(String[]::new));
  }

  private CommandProcess onCluster(String spec, String... options) throws IOException {
    return start(
        spec,
        Stream.concat(
                Stream.of("--testbed", "cluster", "--kubeconfig", cluster.kubeconfig().toString()),
                Arrays.stream(options))
            .toArray(String[]::new));
  }

  private static RunFolder resultsOf(String output) {
    return output
        .lines()
        .flatMap(l ->
            l.startsWith("report: ")
                ? Stream.of(path(l).getParent().getParent())
                : l.startsWith("folder: ") ? Stream.of(path(l)) : Stream.empty())
        .findFirst()
        .map(RunFolder::new)
        .orElseThrow();
  }

  private static Path path(String line) {
    return Path.of(line.replaceFirst("[a-z]+: +", ""));
  }

  @Test
  void eachModeGetsItsClusterAndAllWitnessesAgree() throws Exception {
    RunFolder folder = ofBothModes;
    List<SummaryRow> summaries = folder.rows(Tables.SUMMARY);
    assertThat(summaries).hasSize(4);
    assertThat(folder.rows(Tables.DISAGREEMENTS)).isEmpty();
    assertThat(summaries).allSatisfy(KindTest::allWitnessesAgree);
    List<ConnectionRow> ledger = folder.rows(Tables.CONNECTIONS);
    assertThat(ledger.stream().map(ConnectionRow::clientNode).distinct()).hasSize(4);
    assertThat(ledger.stream().map(ConnectionRow::node).distinct()).hasSize(4);
    assertThat(ledger).allSatisfy(c -> assertThat(c.straysCount()).isZero());
    assertThat(folder.rows(Tables.CLOCKS))
        .hasSize(4)
        .allSatisfy(c -> assertThat(Math.abs(c.offsetNs())).isLessThan(1e9));
    assertThat(folder.rows(Tables.LOG))
        .extracting(LogRow::step)
        .contains(Step.POD, Step.ENDPOINTSLICE, Step.CLUSTER_READY, Step.IMAGE_LOADED);

    Environment environment = Json.read(folder.environment(), Environment.class);
    for (String mode : List.of("iptables", "nftables")) {
      assertThat(environment.cluster())
          .containsEntry(mode + ": kube-proxy mode (ConfigMap)", mode)
          .containsKey(mode + ": kube-proxy version");
    }
    List<InstallRow> found = folder.rows(Tables.INSTALLS);
    assertThat(found.stream().filter(i -> i.dataPlane() == DataPlane.IPTABLES))
        .allSatisfy(i -> assertThat(i.iptablesBackend()).hasValue(IptablesBackend.NFT))
        .allSatisfy(i -> assertThat(i.rulesCount()).isPositive());
    assertThat(Files.readString(folder.report().resolve("report.html")))
        .contains("From node to node", "kube-proxy&#39;s own, as found")
        .contains("KUBE-SVC-", "numgen random mod 4");
  }

  @Test
  void interruptedWhileAClusterIsMadeItLeavesNone() throws Exception {
    CommandProcess run =
        start(small(1, "1s", "iptables", "http1"), "--testbed", "kind", "--no-report");
    run.readUntil("making the kind cluster");
    Thread.sleep(6000);
    run.interrupt();
    String output = run.end();
    assertThat(run.code()).as(output).isEqualTo(130);
    assertThat(output).contains("stopping");
    noOtherClusterIsThere();
  }

  @Test
  void onAnyClusterWithALookAtItsNodesAndWithoutWhatAKilledRunLeft() throws Exception {
    CommandProcess killed = onCluster(small(5, "2s", "iptables", "http1"), "--no-report");
    awaitNamespace();
    killed.kill();
    assertThat(ourNamespaces()).hasSize(1);
    String left = ourNamespaces().getFirst();

    CommandProcess run = onCluster(small(1, "1s", "iptables, nftables", "http1"), "--node-debug");
    String output = run.end();
    assertThat(run.code()).as(output).isZero();
    assertThat(output).contains("deleted the namespace " + left);
    RunFolder folder = resultsOf(output);
    assertThat(Json.read(folder.manifest(), Manifest.class).limits())
        .contains(
            "left out: 1 cells (nftables), for this cluster's kube-proxy runs in mode iptables");
    SummaryRow summary = folder.rows(Tables.SUMMARY).getFirst();
    allWitnessesAgree(summary);
    assertThat(summary.connections().openedCount()).isEqualTo(40);
  }

  private static void allWitnessesAgree(SummaryRow s) {
    assertThat(s.crossCheck().outcome()).isEqualTo(Agreement.AGREE);
    assertThat(s.crossCheck().kernel()).isTrue();
  }

  /** Until a repetition has begun to measure. */
  private void awaitLoad(int repetition) throws Exception {
    for (int i = 0; i < 3000 && loadsStarted() < repetition; i++) {
      Thread.sleep(50);
    }
    assertThat(loadsStarted()).isEqualTo(repetition);
    Thread.sleep(1500);
  }

  private long loadsStarted() throws IOException {
    if (!Files.isDirectory(results)) {
      return 0;
    }
    try (Stream<Path> partial = Files.list(results)) {
      Optional<Path> running =
          partial.filter(p -> p.toString().endsWith(RunFolder.PARTIAL)).findFirst();
      // as text: its last line may be half written
      return running.isEmpty() || !Files.exists(new RunFolder(running.get()).of(Tables.LOG))
          ? 0
          : Files.readAllLines(new RunFolder(running.get()).of(Tables.LOG)).stream()
              .filter(l -> l.contains("," + Step.LOAD_START.word() + ","))
              .count();
    }
  }

  private void killOne(String role) {
    Pod pod =
        client.pods().inAnyNamespace().withLabel(Settings.ROLE, role).list().getItems().getFirst();
    client.resource(pod).withGracePeriod(0).delete();
  }

  /** In a cluster of kind that is there, and whose mode is not asked for. */
  @Test
  void aPodThatDiesMarksItsRepetitionAndIsReplaced() throws Exception {
    CommandProcess run =
        start(
            small(4, "3s", "iptables, nftables", "http1"),
            "--testbed",
            "kind",
            "--reuse",
            cluster.name(),
            "--no-report");
    awaitLoad(2);
    killOne("load");
    awaitLoad(3);
    killOne("echo");
    String output = run.end();
    assertThat(run.code()).as(output).isZero();
    RunFolder of = resultsOf(output);
    assertThat(Json.read(of.manifest(), Manifest.class).limits())
        .anyMatch(n -> n.startsWith("left out: 1 cells (nftables") && n.endsWith("mode iptables"));
    List<SummaryRow> summaries = of.rows(Tables.SUMMARY);
    assertThat(summaries).hasSize(4);
    allWitnessesAgree(summaries.getFirst());

    assertThat(summaries.get(1).marks()).contains(Mark.LOAD_LOST).doesNotContain(Mark.POD_LOST);
    assertThat(summaries.get(1).crossCheck().disagreementsCount()).isZero();
    assertThat(summaries.get(1).requests().answeredCount()).isPositive();
    // the pod may be gone before all of its connections are made: then they are missing
    assertThat(summaries.get(2).marks())
        .doesNotContain(Mark.LOAD_LOST)
        .contains(Mark.POD_LOST)
        .containsAnyOf(Mark.ERRORS, Mark.CONNECTIONS_MISSING);
    assertThat(summaries.get(3).marks()).doesNotContain(Mark.POD_LOST);
    assertThat(summaries.get(3).connections().openedCount()).isEqualTo(40);
    assertThat(summaries.get(3).podsReachedCount()).isEqualTo(4);
    assertThat(of.rows(Tables.LOG))
        .filteredOn(e -> e.repetition() == 3)
        .extracting(LogRow::detail)
        .map(d -> d.orElse(""))
        .anyMatch(d -> d.contains("deleted") || d.contains("terminating"))
        .anyMatch(d -> d.contains("3 ready"));
    // what the lost client had open is missing, what the lost pod had counted is not taken
    assertThat(of.rows(Tables.VERDICTS).getFirst().observedCount()).isBetween(80L, 119L);
  }

  private void refused(CommandProcess run, String... texts) throws Exception {
    String output = run.end();
    assertThat(output).contains(texts);
    assertThat(run.code()).as(output).isEqualTo(ExitCode.PREREQUISITE);
    if (Files.isDirectory(results)) {
      try (Stream<Path> left = Files.list(results)) {
        assertThat(left.filter(p -> p.toString().endsWith(RunFolder.PARTIAL))).isEmpty();
      }
    }
  }

  @Test
  void anImageThatCannotBeHadIsNamedWithTheMend() throws Exception {
    refused(
        onCluster(small(1, "1s", "iptables", "http1"), "--image", "localhost:1/none:1"),
        "echo pods",
        "is in vain",
        "Image",
        "its events: Pod ",
        "scripts/image.sh");
  }

  @Test
  void aContextThatIsNotThereIsNamedWithThoseThatAre() throws Exception {
    refused(
        onCluster(small(1, "1s", "iptables", "http1"), "--context", "nope"),
        "has no context nope",
        "kind-" + cluster.name());
  }

  private Path changed(String name, String regex, String replacement) throws IOException {
    return Files.writeString(
        folder.resolve(name),
        Files.readString(cluster.kubeconfig()).replaceAll(regex, replacement));
  }

  @Test
  void aClusterThatDoesNotLookLikeATestIsNotTouchedUnlessNamed() throws Exception {
    Path production = changed("production", "kind-" + cluster.name(), "production");
    Files.writeString(
        production,
        Files.readString(production)
            .replaceAll("https://127.0.0.1:\\d+", "https://192.0.2.1:6443"));
    refused(
        start(
            small(1, "1s", "iptables", "http1"),
            "--testbed",
            "cluster",
            "--kubeconfig",
            production.toString()),
        "does not look like a test cluster",
        "--context production");
  }

  @Test
  void aClusterThatDoesNotAnswerIsNamed() throws Exception {
    Path dead = changed("dead", "https://127.0.0.1:\\d+", "https://127.0.0.1:1");
    refused(
        start(
            small(1, "1s", "iptables", "http1"),
            "--testbed",
            "cluster",
            "--kubeconfig",
            dead.toString()),
        "https://127.0.0.1:1",
        "does not answer");
  }

  /** A kubeconfig of a service account that has no rights but those that are bound to it. */
  private Path kubeconfigOf(String account) throws IOException {
    client
        .resource(
            new ServiceAccountBuilder()
                .withNewMetadata()
                .withName(account)
                .withNamespace("default")
                .endMetadata()
                .build())
        .create();
    String token =
        client
            .serviceAccounts()
            .inNamespace("default")
            .withName(account)
            .tokenRequest(new TokenRequestBuilder().withNewSpec().endSpec().build())
            .getStatus()
            .getToken();
    return changed(
        account,
        "(?s)    client-certificate-data: .*?\\n    client-key-data: .*?\\n",
        "    token: " + token + "\n");
  }

  @Test
  void aRightThatIsMissingIsNamed() throws Exception {
    refused(
        start(
            small(1, "1s", "iptables", "http1"),
            "--testbed",
            "cluster",
            "--kubeconfig",
            kubeconfigOf("nobody").toString()),
        "forbidden",
        "testbed rbac");
  }

  @Test
  void theRoleThatIsPrintedIsEnoughAlsoToLeaveNothing() throws Exception {
    Path limited = kubeconfigOf("runner");
    String role = CommandProcess.start(Map.of(), "testbed", "rbac").end();
    client.load(new ByteArrayInputStream(role.getBytes(StandardCharsets.UTF_8))).create();
    client
        .resource(
            new ClusterRoleBindingBuilder()
                .withNewMetadata()
                .withName("conntrail")
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", "conntrail")
                .addNewSubject("", "ServiceAccount", "runner", "default")
                .build())
        .create();
    CommandProcess run =
        start(
            small(5, "1s", "iptables", "http1"),
            "--testbed",
            "cluster",
            "--kubeconfig",
            limited.toString(),
            "--no-report");
    run.readUntil("2/5");
    run.interrupt();
    String output = run.end();
    assertThat(run.code()).as(output).isEqualTo(130);
    RunFolder of = resultsOf(output);
    assertThat(Json.read(of.manifest(), Manifest.class).status()).isEqualTo(RunStatus.PARTIAL);
    // without a look at nodes the kernel is no witness
    SummaryRow.CrossCheck check = of.rows(Tables.SUMMARY).getFirst().crossCheck();
    assertThat(check.outcome()).isEqualTo(Agreement.AGREE);
    assertThat(check.kernel()).isFalse();
  }

  @Test
  void aQuotaThatIsExceededIsNamedAndTheNamespaceIsLeftAsItWas() throws Exception {
    client
        .resource(new NamespaceBuilder().withNewMetadata().withName("tight").endMetadata().build())
        .create();
    client
        .resource(
            new ResourceQuotaBuilder()
                .withNewMetadata()
                .withName("pods")
                .withNamespace("tight")
                .endMetadata()
                .withNewSpec()
                .addToHard("pods", new Quantity("2"))
                .endSpec()
                .build())
        .create();
    refused(
        onCluster(small(1, "1s", "iptables", "http1"), "--namespace", "tight"), "exceeded quota");
    assertThat(client.apps().deployments().inNamespace("tight").list().getItems()).isEmpty();
    assertThat(client.services().inNamespace("tight").list().getItems()).isEmpty();
    assertThat(client.batch().v1().jobs().inNamespace("tight").list().getItems()).isEmpty();
    client.namespaces().withName("tight").delete();
  }

  @Test
  void interruptedWhileItWaitsItLeavesNothing() throws Exception {
    CommandProcess waiting = onCluster(small(1, "1s", "iptables", "http1"), "--no-report");
    awaitNamespace();
    waiting.interrupt();
    String output = waiting.end();
    assertThat(waiting.code()).as(output).isEqualTo(130);
    assertThat(ourNamespaces()).isEmpty();
  }

  @Test
  void whatIsMissingIsNamedWithTheMend() throws Exception {
    String spec = small(1, "1s", "iptables", "http1");
    Path bin = Files.createDirectories(folder.resolve("bin"));
    refused(
        start(Map.of("PATH", bin.toString()), spec, "--testbed", "kind"), "needs docker", "mend");
    Files.createSymbolicLink(bin.resolve("docker"), Programs.find("docker").orElseThrow());
    refused(start(Map.of("PATH", bin.toString()), spec, "--testbed", "kind"), "needs kind", "mend");
    refused(
        start(Map.of("DOCKER_HOST", "unix:///nowhere/docker.sock"), spec, "--testbed", "kind"),
        "Docker does not answer",
        "mend");
    refused(
        start(spec, "--testbed", "kind", "--image", "no-such-image:1"),
        "Docker has no image no-such-image:1",
        "scripts/image.sh");
    refused(
        start(spec, "--testbed", "kind", "--node-image", "no-such-node:1"),
        "kind cannot make the cluster");
    noOtherClusterIsThere();
  }

  @Test
  void modeIpvsIsRefusedBeforeAnyClusterIsMadeWhereTheKernelHasNone() throws Exception {
    if (Files.exists(Path.of("/proc/net/ip_vs"))) {
      return;
    }
    refused(start(small(1, "1s", "ipvs", "http1"), "--testbed", "kind"), "has no ip_vs", "mend");
  }
}
