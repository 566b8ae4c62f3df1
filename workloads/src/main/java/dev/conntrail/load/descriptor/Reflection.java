package dev.conntrail.load.descriptor;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.conntrail.spec.Exchange;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Asks a server which messages its methods take: {@code grpc.reflection.v1}, or, of older servers,
 * {@code v1alpha}, whose messages are the same (grpc/doc/server-reflection.md).
 */
public final class Reflection {
  private static final int PATIENCE_S = 10;

  private static final MethodDescriptor<ServerReflectionRequest, ServerReflectionResponse> V1 =
      ServerReflectionGrpc.getServerReflectionInfoMethod();

  private static final MethodDescriptor<ServerReflectionRequest, ServerReflectionResponse> ALPHA =
      V1.toBuilder()
          .setFullMethodName("grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo")
          .build();

  private final BlockingClientCall<ServerReflectionRequest, ServerReflectionResponse> call;

  private Reflection(
      ManagedChannel channel,
      MethodDescriptor<ServerReflectionRequest, ServerReflectionResponse> version) {
    this.call =
        ClientCalls.blockingBidiStreamingCall(
            channel, version, CallOptions.DEFAULT.withDeadlineAfter(PATIENCE_S, TimeUnit.SECONDS));
  }

  /**
   * The files that describe a service.
   *
   * @param server its address
   * @param fields that each request has, as one that says who asks; those of text
   * @param service with its package
   * @throws IOException if the server does not say, with what does instead
   * @throws IllegalArgumentException naming the services that there are, if it has no such, or if
   *     what it says does not hold together
   */
  public static ProtoFiles of(InetSocketAddress server, List<Exchange.Field> fields, String service)
      throws IOException, InterruptedException {
    ManagedChannel channel = channel(server, fields);
    try {
      return files(channel, service);
    } catch (StatusException e) {
      throw refused(server, e.getStatus(), e);
    } finally {
      channel.shutdownNow();
    }
  }

  private static ProtoFiles files(ManagedChannel channel, String service)
      throws StatusException, InterruptedException {
    try {
      return new Reflection(channel, V1).files(service);
    } catch (StatusException e) {
      if (e.getStatus().getCode() != Status.Code.UNIMPLEMENTED) {
        throw e;
      }
      return new Reflection(channel, ALPHA).files(service);
    }
  }

  private static IOException refused(InetSocketAddress server, Status status, Exception cause) {
    String why =
        status.getCode() + (status.getDescription() == null ? "" : ": " + status.getDescription());
    return new IOException(
        "found no reflection at "
            + server.getAddress().getHostAddress()
            + ":"
            + server.getPort()
            + " ("
            + why
            + "); allowed: a server that has it (grpc.reflection.v1 or v1alpha), or --grpc-descriptor FILE",
        cause);
  }

  private static ManagedChannel channel(InetSocketAddress server, List<Exchange.Field> fields) {
    Metadata head = new Metadata();
    NettyChannelBuilder builder = NettyChannelBuilder.forAddress(server).usePlaintext();
    for (Exchange.Field field : fields) {
      if (field.name().equalsIgnoreCase("host")) {
        builder.overrideAuthority(field.value());
      } else if (!field.name().endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
        head.put(Metadata.Key.of(field.name(), Metadata.ASCII_STRING_MARSHALLER), field.value());
      }
    }
    return builder.intercept(MetadataUtils.newAttachHeadersInterceptor(head)).build();
  }

  private ProtoFiles files(String service) throws StatusException, InterruptedException {
    ServerReflectionResponse said =
        ask(ServerReflectionRequest.newBuilder().setFileContainingSymbol(service).build());
    if (said.hasErrorResponse()) {
      throw ProtoFiles.none("service " + service, services());
    }
    Map<String, FileDescriptorProto> files = new LinkedHashMap<>();
    take(said, files);
    for (Optional<String> missing = missing(files); missing.isPresent(); missing = missing(files)) {
      String name = missing.get();
      int known = files.size();
      take(ask(ServerReflectionRequest.newBuilder().setFileByFilename(name).build()), files);
      if (files.size() == known) {
        break; // linking says what lacks
      }
    }
    return ProtoFiles.of(files.values());
  }

  private static void take(ServerReflectionResponse said, Map<String, FileDescriptorProto> files) {
    try {
      for (ByteString file : said.getFileDescriptorResponse().getFileDescriptorProtoList()) {
        FileDescriptorProto one = FileDescriptorProto.parseFrom(file);
        files.putIfAbsent(one.getName(), one);
      }
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(
          "found a reflection that sends no descriptors; allowed: --grpc-descriptor FILE", e);
    }
  }

  private static Optional<String> missing(Map<String, FileDescriptorProto> files) {
    return files.values().stream()
        .flatMap(f -> f.getDependencyList().stream())
        .filter(name -> !files.containsKey(name))
        .findFirst();
  }

  private List<String> services() throws StatusException, InterruptedException {
    return ask(ServerReflectionRequest.newBuilder().setListServices("").build())
        .getListServicesResponse()
        .getServiceList()
        .stream()
        .map(ServiceResponse::getName)
        .toList();
  }

  private ServerReflectionResponse ask(ServerReflectionRequest question)
      throws StatusException, InterruptedException {
    call.write(question);
    ServerReflectionResponse answer = call.read();
    if (answer == null) {
      throw Status.UNAVAILABLE.withDescription("the server ended the stream").asException();
    }
    return answer;
  }
}
