package dev.conntrail.load.descriptor;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import dev.conntrail.spec.Protocol;
import java.util.stream.Collectors;

/** A method of gRPC, as it is described. */
public final class GrpcMethod {
  private final MethodDescriptor described;
  private final ProtoFiles files;

  GrpcMethod(MethodDescriptor described, ProtoFiles files) {
    this.described = described;
    this.files = files;
  }

  /**
   * Checks that load can call it so: one message and one reply a call with {@link Protocol#GRPC},
   * both on one stream with {@link Protocol#GRPC_STREAM}.
   *
   * @throws IllegalArgumentException saying what it streams, and what is allowed
   */
  public void check(Protocol protocol) {
    boolean requests = described.isClientStreaming();
    boolean replies = described.isServerStreaming();
    if (requests != replies) {
      throw new IllegalArgumentException(
          "found "
              + described.getFullName()
              + ", which streams "
              + (requests ? "requests" : "replies")
              + " alone; allowed: a method that streams neither, or both");
    }
    Protocol own = requests ? Protocol.GRPC_STREAM : Protocol.GRPC;
    if (own != protocol) {
      throw new IllegalArgumentException(
          "found "
              + described.getFullName()
              + ", which streams "
              + (requests ? "requests and replies" : "neither requests nor replies")
              + "; allowed: it with --protocol "
              + own.word());
    }
  }

  /**
   * A request as protobuf writes it.
   *
   * @param json the message, as protobuf's JSON mapping has it
   * @throws IllegalArgumentException saying what does not fit, and what the message has
   */
  public byte[] message(String json) {
    Descriptor type = described.getInputType();
    DynamicMessage.Builder message = DynamicMessage.newBuilder(type);
    TypeRegistry.Builder types = TypeRegistry.newBuilder();
    files.all().forEach(f -> types.add(f.getMessageTypes()));
    try {
      JsonFormat.parser().usingTypeRegistry(types.build()).merge(json, message);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(
          "found what does not fit: " + oneLine(e) + "; allowed: " + shape(type), e);
    }
    if (!message.isInitialized()) {
      throw new IllegalArgumentException(
          "found none of what has to be there: "
              + message.getInitializationErrorString()
              + "; allowed: "
              + shape(type));
    }
    return message.build().toByteArray();
  }

  private static String oneLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("no JSON");
  }

  private static String shape(Descriptor type) {
    return "JSON of "
        + type.getFullName()
        + type.getFields().stream()
            .map(FieldDescriptor::getJsonName)
            .collect(Collectors.joining(", ", " {", "}"));
  }
}
