package dev.conntrail.load;

import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Messages of gRPC as the bytes that they are. */
public final class GrpcBytes implements Marshaller<byte[]> {
  private GrpcBytes() {}

  /** A unary method, {@code package.Service/Method}. */
  public static MethodDescriptor<byte[], byte[]> method(String name) {
    return method(name, MethodType.UNARY);
  }

  /** A method of a stream in both directions. */
  public static MethodDescriptor<byte[], byte[]> stream(String name) {
    return method(name, MethodType.BIDI_STREAMING);
  }

  private static MethodDescriptor<byte[], byte[]> method(String name, MethodType type) {
    return MethodDescriptor.<byte[], byte[]>newBuilder()
        .setType(type)
        .setFullMethodName(name)
        .setRequestMarshaller(new GrpcBytes())
        .setResponseMarshaller(new GrpcBytes())
        .build();
  }

  @Override
  public InputStream stream(byte[] value) {
    return new ByteArrayInputStream(value);
  }

  @Override
  public byte[] parse(InputStream stream) {
    try {
      return stream.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
