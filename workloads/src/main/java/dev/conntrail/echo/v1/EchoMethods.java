package dev.conntrail.echo.v1;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServiceDescriptor;
import io.grpc.protobuf.ProtoUtils;

/** The methods of the service {@code conntrail.v1.Echo}. */
public final class EchoMethods {
  private static final String NAME = "conntrail.v1.Echo";

  /** One request, one reply. */
  public static final MethodDescriptor<EchoRequest, EchoReply> UNARY =
      method("Unary", MethodType.UNARY);

  /** A reply for each request, for as long as the stream stays open. */
  public static final MethodDescriptor<EchoRequest, EchoReply> STREAM =
      method("Stream", MethodType.BIDI_STREAMING);

  /** The service. */
  public static final ServiceDescriptor SERVICE =
      ServiceDescriptor.newBuilder(NAME).addMethod(UNARY).addMethod(STREAM).build();

  /**
   * Said by a caller who weighs pods: the pod is to say how busy it is, beside each answer ({@code
   * calls}) or to whoever asks for a stream of it ({@code pods}).
   */
  public static final Metadata.Key<String> REPORTS =
      Metadata.Key.of("conntrail-reports", Metadata.ASCII_STRING_MARSHALLER);

  private EchoMethods() {}

  private static MethodDescriptor<EchoRequest, EchoReply> method(String name, MethodType type) {
    return MethodDescriptor.<EchoRequest, EchoReply>newBuilder()
        .setType(type)
        .setFullMethodName(MethodDescriptor.generateFullMethodName(NAME, name))
        .setRequestMarshaller(ProtoUtils.marshaller(EchoRequest.getDefaultInstance()))
        .setResponseMarshaller(ProtoUtils.marshaller(EchoReply.getDefaultInstance()))
        .build();
  }
}
