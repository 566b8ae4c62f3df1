package dev.conntrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.FileDescriptor;
import dev.conntrail.load.descriptor.Reflection;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthProto;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionService;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.StreamObserver;
import io.grpc.xds.shaded.com.github.xds.service.orca.v3.OrcaLoadReportRequest;
import io.grpc.xds.shaded.com.github.xds.service.orca.v3.OrcaProto;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Methods of a grpc-java server with and without reflection, called with messages as JSON. */
class GrpcMethodsTest {
  private static final String CHECK = "grpc.health.v1.Health/Check";
  private static final String SHOP = "{\"service\": \"shop\"}";

  @TempDir private Path folder;
  private int loads;
  private Server server;

  @AfterEach
  void end() {
    if (server != null) {
      server.shutdownNow();
    }
  }

  /** A service that knows of one other, {@code shop}, that it is well. */
  private void serve(BindableService... beside) throws IOException {
    HealthStatusManager health = new HealthStatusManager();
    health.setStatus("shop", ServingStatus.SERVING);
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(health.getHealthService());
    for (BindableService service : beside) {
      builder.addService(service);
    }
    server = builder.build().start();
  }

  @SuppressWarnings("deprecation") // what servers had before v1
  private static BindableService alpha() {
    return ProtoReflectionService.newInstance();
  }

  private Called load(String protocol, String method, String... more) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "load",
                "--protocol",
                protocol,
                "--grpc-method",
                method,
                "--no-pods",
                "--connections",
                "2",
                "--rate",
                "50",
                "--warmup-ms",
                "0",
                "--measure-ms",
                "200",
                "--drain-ms",
                "20000",
                "--target",
                "127.0.0.1:" + (server == null ? 1 : server.getPort()),
                "--out",
                folder.resolve("out-" + ++loads).toString()));
    words.addAll(List.of(more));
    return Called.with(words.toArray(String[]::new));
  }

  private static void answered(Called called) {
    assertThat(called.err()).isEmpty();
    assertThat(called.out())
        .contains("requests due in the measure phase: 10, answered: 10")
        .contains("in all phases failed, connects too: 0");
    assertThat(called.code()).isZero();
  }

  private static void refused(Called called, String... said) {
    assertThat(called.err().lines().findFirst().orElse("")).contains(said);
    assertThat(called.code()).isEqualTo(ExitCode.USAGE);
  }

  private Path set(FileDescriptor... files) throws IOException {
    FileDescriptorSet.Builder set = FileDescriptorSet.newBuilder();
    for (FileDescriptor file : files) {
      set.addFile(file.toProto());
    }
    return Files.write(folder.resolve("set"), set.build().toByteArray());
  }

  @Test
  void aServerIsAskedWhatItsMethodTakes() throws IOException {
    serve(ProtoReflectionServiceV1.newInstance());
    answered(load("grpc", CHECK, "--body", SHOP));
    Called unknown = load("grpc", CHECK, "--body", "{\"service\": \"none\"}");
    assertThat(unknown.out()).contains("answered: 0").contains("unknown service none");
    assertThat(unknown.code()).isEqualTo(ExitCode.CELLS);
  }

  @Test
  void anOlderServerIsAskedInItsOwnWay() throws IOException {
    serve(alpha());
    answered(load("grpc", CHECK, "--body", SHOP));
  }

  @Test
  void aMessageMayStandInAFile() throws IOException {
    serve(ProtoReflectionServiceV1.newInstance());
    Path json = Files.writeString(folder.resolve("shop.json"), SHOP);
    answered(load("grpc", CHECK, "--body-file", json.toString()));
  }

  @Test
  void aMessageAsProtobufWritesItTakesNoDescription() throws IOException {
    serve();
    Path message = Files.write(folder.resolve("shop"), new byte[] {10, 4, 's', 'h', 'o', 'p'});
    answered(load("grpc", CHECK, "--grpc-message", message.toString()));
    answered(load("grpc", CHECK));
  }

  @Test
  void aServerWithoutReflectionIsDescribedByAFile() throws IOException {
    serve();
    refused(
        load("grpc", CHECK, "--body", SHOP),
        "--grpc-method: found no reflection at 127.0.0.1:" + server.getPort() + " (UNIMPLEMENTED",
        "or --grpc-descriptor FILE");
    answered(
        load(
            "grpc",
            CHECK,
            "--body",
            SHOP,
            "--grpc-descriptor",
            set(HealthProto.getDescriptor()).toString()));
  }

  @Test
  void aServerThatIsNotThereIsSaid() {
    refused(
        load("grpc", CHECK, "--body", SHOP),
        "--grpc-method: found no reflection at 127.0.0.1:1 (UNAVAILABLE");
  }

  @Test
  void aStreamCarriesMessagesOfItsMethod() throws IOException {
    serve(ProtoReflectionServiceV1.newInstance());
    String stream = "grpc.reflection.v1.ServerReflection/ServerReflectionInfo";
    answered(load("grpc-stream", stream, "--body", "{\"listServices\": \"\"}"));
    refused(
        load("grpc", stream, "--body", "{}"),
        "--grpc-method: found " + stream.replace('/', '.') + ", which streams requests and replies",
        "allowed: it with --protocol grpc-stream");
    refused(load("grpc-stream", CHECK, "--body", "{}"), "allowed: it with --protocol grpc");
    refused(
        load("grpc-stream", "grpc.health.v1.Health/Watch", "--body", "{}"),
        "which streams replies alone; allowed: a method that streams neither, or both");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "grpc.health.v1.Sickness/Check | {} | --grpc-method: found no service grpc.health.v1.Sickness; allowed: grpc.health.v1.Health, grpc.reflection.v1.ServerReflection",
        "grpc.health.v1.Health/Heal | {} | --grpc-method: found no method Heal of grpc.health.v1.Health; allowed: Check, Watch",
        "grpc.health.v1.Health/Check | {\"pod\": 1} | --body: found what does not fit: Cannot find field: pod in message grpc.health.v1.HealthCheckRequest; allowed: JSON of grpc.health.v1.HealthCheckRequest {service}",
        "grpc.health.v1.Health/Check | {\"service\": {}} | --body: found what does not fit: ",
        "grpc.health.v1.Health/Check | shop | --body: found what does not fit: ",
        "Health | {} | --grpc-method: found 'Health'; allowed: package.Service/Method",
      })
  void whatDoesNotFitIsNamedWithTheMend(String method, String json, String said)
      throws IOException {
    serve(ProtoReflectionServiceV1.newInstance());
    refused(load("grpc", method, "--body", json), said);
  }

  @Test
  void whatDoesNotGoTogetherIsRefused() throws IOException {
    Path none = Files.writeString(folder.resolve("none"), "no descriptor");
    Path open = set(OrcaProto.getDescriptor());
    refused(
        load("http2", CHECK), "--grpc-method: found it with protocol http2; allowed: it with grpc");
    refused(
        load("grpc", CHECK, "--body", "{}", "--grpc-message", none.toString()),
        "--grpc-message: found it beside a message of JSON");
    refused(
        load("grpc", CHECK, "--grpc-descriptor", none.toString()),
        "--grpc-descriptor: " + none + ": found no descriptor set; allowed: all files");
    refused(
        load("grpc", CHECK, "--grpc-descriptor", open.toString()),
        "which xds/service/orca/v3/orca.proto imports; allowed: all files that are imported");
    refused(
        load("grpc", CHECK, "--grpc-descriptor", folder.toString()),
        "--grpc-descriptor: found '" + folder + "'; allowed: a file that can be read");
  }

  /** As grpc-go: a file an answer, so that the client asks for each that is imported. */
  private static final class FileByFile extends ServerReflectionGrpc.ServerReflectionImplBase {
    private final Map<String, FileDescriptor> files = new TreeMap<>();
    private final FileDescriptor first;

    FileByFile(FileDescriptor first) {
      this.first = first;
      add(first);
    }

    private void add(FileDescriptor file) {
      files.put(file.getName(), file);
      file.getDependencies().forEach(this::add);
    }

    @Override
    public StreamObserver<ServerReflectionRequest> serverReflectionInfo(
        StreamObserver<ServerReflectionResponse> answers) {
      return new StreamObserver<>() {
        @Override
        public void onNext(ServerReflectionRequest asked) {
          ServerReflectionResponse.Builder answer = ServerReflectionResponse.newBuilder();
          FileDescriptor file =
              asked.hasFileByFilename() ? files.get(asked.getFileByFilename()) : first;
          answer
              .getFileDescriptorResponseBuilder()
              .addFileDescriptorProto(file.toProto().toByteString());
          answers.onNext(answer.build());
        }

        @Override
        public void onError(Throwable why) {
          // the client has what it wanted
        }

        @Override
        public void onCompleted() {
          answers.onCompleted();
        }
      };
    }
  }

  @Test
  void filesThatAreImportedAreAskedForOneByOne() throws Exception {
    serve(new FileByFile(OrcaProto.getDescriptor()));
    byte[] message =
        Reflection.of(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort()),
                List.of(),
                "xds.service.orca.v3.OpenRcaService")
            .method("xds.service.orca.v3.OpenRcaService", "StreamCoreMetrics")
            .message("{\"reportInterval\": \"1.5s\", \"requestCostNames\": [\"a\", \"b\"]}");
    OrcaLoadReportRequest request = OrcaLoadReportRequest.parseFrom(message);
    assertThat(request.getReportInterval().getSeconds()).isEqualTo(1);
    assertThat(request.getReportInterval().getNanos()).isEqualTo(500_000_000);
    assertThat(request.getRequestCostNamesList()).containsExactly("a", "b");
  }
}
