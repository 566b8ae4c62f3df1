package dev.conntrail.cli;

import dev.conntrail.load.descriptor.GrpcMethod;
import dev.conntrail.load.descriptor.ProtoFiles;
import dev.conntrail.load.descriptor.Reflection;
import dev.conntrail.spec.Exchange;
import dev.conntrail.spec.Protocol;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which method of gRPC is called, and with what message. */
final class GrpcOptions {
  private static final String METHOD = "[\\w.]+/\\w+";
  private static final String NAME = "--grpc-method";
  private static final String DESCRIPTOR = "--grpc-descriptor";
  private static final String MESSAGE = "--grpc-message";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = NAME,
      paramLabel = "NAME",
      description =
          "package.Service/Method, unary with protocol grpc, streaming both ways with grpc-stream (where each message is to have one reply). --body is its message as JSON (default: an empty one).")
  private String method;

  @Option(
      names = DESCRIPTOR,
      paramLabel = "FILE",
      description =
          "What protoc --include_imports --descriptor_set_out=FILE wrote of the service (default: --body has the server asked by reflection).")
  private Path descriptor;

  @Option(
      names = MESSAGE,
      paramLabel = "FILE",
      description = "The message as protobuf writes it, in place of JSON.")
  private Path message;

  /** Whether any was given. */
  boolean given() {
    return method != null || descriptor != null || message != null;
  }

  /** The method's path; empty for that of an echo. */
  String path() {
    return method == null ? "" : "/" + method;
  }

  /**
   * Refuses what does not go together, before any server is asked.
   *
   * @param body whether there is one
   * @throws ParameterException naming what does not
   */
  void check(Protocol protocol, boolean body) {
    if (!protocol.grpc()) {
      if (given()) {
        String option = method != null ? NAME : descriptor != null ? DESCRIPTOR : MESSAGE;
        throw refuse(
            option,
            "found it with protocol " + protocol.word() + "; allowed: it with grpc, grpc-stream");
      }
      return;
    }
    if (method != null && !method.matches(METHOD)) {
      throw Refusals.of(spec, NAME, method, "package.Service/Method");
    }
    if (method == null && (body || given())) {
      throw refuse(NAME, "found none, and a message for it; allowed: package.Service/Method");
    }
    if (message != null && (body || descriptor != null)) {
      throw refuse(MESSAGE, "found it beside a message of JSON; allowed: one of the two");
    }
  }

  /**
   * The message as protobuf writes it.
   *
   * @param json as the command line, or a file, has it; empty for none
   * @param servers of which the first is asked, where nothing else describes the method
   * @param fields that each request has
   * @throws ParameterException naming what is not understood, and what is allowed
   */
  byte[] message(
      Protocol protocol,
      byte[] json,
      List<InetSocketAddress> servers,
      List<Exchange.Field> fields) {
    try {
      if (message != null) {
        return Files.readAllBytes(message);
      }
    } catch (IOException e) {
      throw Refusals.of(spec, MESSAGE, message.toString(), "a file that can be read");
    }
    if (json.length == 0 && descriptor == null) {
      return new byte[0];
    }
    GrpcMethod described = described(protocol, servers.getFirst(), fields);
    try {
      return described.message(json.length == 0 ? "{}" : new String(json, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      throw refuse("--body", e.getMessage());
    }
  }

  private GrpcMethod described(
      Protocol protocol, InetSocketAddress server, List<Exchange.Field> fields) {
    String[] name = method.split("/");
    try {
      ProtoFiles files = descriptor == null ? Reflection.of(server, fields, name[0]) : files();
      GrpcMethod described = files.method(name[0], name[1]);
      described.check(protocol);
      return described;
    } catch (IOException | IllegalArgumentException e) {
      throw refuse(NAME, e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw refuse(NAME, "interrupted while the server was asked what it takes");
    }
  }

  private ProtoFiles files() {
    try {
      return ProtoFiles.read(descriptor);
    } catch (IOException e) {
      throw Refusals.of(spec, DESCRIPTOR, descriptor.toString(), "a file that can be read");
    } catch (IllegalArgumentException e) {
      throw refuse(DESCRIPTOR, descriptor + ": " + e.getMessage());
    }
  }

  private ParameterException refuse(String option, String why) {
    return new ParameterException(spec.commandLine(), option + ": " + why);
  }
}
