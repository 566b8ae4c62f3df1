package dev.conntrail.proxy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A proxy's administrator's door: a socket in its folder, which is reached from any network
 * namespace.
 */
final class AdminDoor {
  private static final String FILE = "admin.sock";
  private static final int PIECE = 1 << 16;

  private AdminDoor() {}

  /** Where it is. */
  static Path in(Path folder) {
    return folder.resolve(FILE);
  }

  /** Says something, and hears all until the other side ends. */
  static String say(Path folder, String text) throws IOException {
    try (SocketChannel door = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      door.connect(UnixDomainSocketAddress.of(in(folder)));
      ByteBuffer words = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (words.hasRemaining()) {
        door.write(words);
      }
      ByteArrayOutputStream heard = new ByteArrayOutputStream();
      ByteBuffer piece = ByteBuffer.allocate(PIECE);
      while (door.read(piece) >= 0) {
        heard.write(piece.array(), 0, piece.position());
        piece.clear();
      }
      return heard.toString(StandardCharsets.UTF_8);
    }
  }
}
