package dev.conntrail.result;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Text files, and texts of files in messages of one line. */
final class TextFiles {
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  /** As much of a text as a message quotes. */
  private static final int SHOWN = 60;

  private TextFiles() {}

  /**
   * Reads a file; a byte order mark, as spreadsheets write it, is no part of it.
   *
   * @throws IOException if it is not there, or no text, with file and line
   */
  static String read(Path file) throws IOException {
    return read(RawFile.of(file));
  }

  /**
   * The same of a file that may be packed.
   *
   * @throws IOException likewise
   */
  static String read(RawFile file) throws IOException {
    try {
      String text = decoded(file, ByteBuffer.wrap(file.bytes()));
      return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    } catch (NoSuchFileException e) {
      throw new IOException(file + ": no such file", e);
    }
  }

  private static String decoded(RawFile file, ByteBuffer bytes) throws IOException {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    CharBuffer text = CharBuffer.allocate(bytes.remaining() + 1);
    CoderResult result = decoder.decode(bytes, text, true);
    text.flip();
    if (result.isError()) {
      long line = 1 + text.chars().filter(c -> c == '\n').count();
      throw new IOException(file + ":" + line + ": found bytes that are no UTF-8 text");
    }
    return text.toString();
  }

  /** A text on one line, cut short, without characters that cannot be seen. */
  static String shown(String text) {
    String line = text.replaceAll("[\\p{Cntrl}\\p{Zl}\\p{Zp}\uFFFD]+", " ").strip();
    return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "...";
  }
}
