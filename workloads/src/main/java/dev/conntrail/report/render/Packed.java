package dev.conntrail.report.render;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** Text that a page unpacks when it needs it, which is a third of the size. */
final class Packed {
  private Packed() {}

  /** Smallest rather than soonest. */
  private static final class Gzip extends GZIPOutputStream {
    Gzip(ByteArrayOutputStream out) throws IOException {
      super(out);
      def.setLevel(Deflater.BEST_COMPRESSION);
    }
  }

  /** Gzip in Base64; the same text gives the same bytes. */
  static String of(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (Gzip gzip = new Gzip(bytes)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }
}
