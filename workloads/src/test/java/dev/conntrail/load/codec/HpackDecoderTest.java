package dev.conntrail.load.codec;

import static dev.conntrail.load.codec.Talk.hex;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Headers;
import java.net.ProtocolException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples of RFC 7541, appendix C, and another implementation's blocks. */
class HpackDecoderTest {
  private final HpackDecoder decoder = new HpackDecoder(new HpackDecoder.Room());

  private List<String> decode(String block) throws ProtocolException {
    return decode(hex(block));
  }

  private List<String> decode(byte[] block) throws ProtocolException {
    List<String> fields = new ArrayList<>();
    decoder.decode(
        block,
        0,
        block.length,
        (n, na, nl, v, va, vl) ->
            fields.add(
                new String(n, na, nl, ISO_8859_1) + ": " + new String(v, va, vl, ISO_8859_1)));
    return fields;
  }

  @Test
  void literalsAndIndices() throws ProtocolException {
    assertThat(decode("400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572")) // C.2.1
        .containsExactly("custom-key: custom-header");
    assertThat(decoder.table().size()).isEqualTo(55);
    assertThat(decode("040c 2f73 616d 706c 652f 7061 7468")) // C.2.2
        .containsExactly(":path: /sample/path");
    assertThat(decode("1008 7061 7373 776f 7264 0673 6563 7265 74")) // C.2.3
        .containsExactly("password: secret");
    assertThat(decode("82")).containsExactly(":method: GET"); // C.2.4
    assertThat(decoder.table().size()).isEqualTo(55);
  }

  @Test
  void requestsWithAndWithoutHuffman() throws ProtocolException {
    String[][] blocks = {
      { // C.3
        "8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d",
        "8286 84be 5808 6e6f 2d63 6163 6865",
        "8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65"
      },
      { // C.4
        "8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff",
        "8286 84be 5886 a8eb 1064 9cbf",
        "8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf"
      }
    };
    for (String[] three : blocks) {
      HpackDecoderTest one = new HpackDecoderTest();
      assertThat(one.decode(three[0]))
          .containsExactly(
              ":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com");
      assertThat(one.decode(three[1]))
          .containsExactly(
              ":method: GET",
              ":scheme: http",
              ":path: /",
              ":authority: www.example.com",
              "cache-control: no-cache");
      assertThat(one.decode(three[2]))
          .containsExactly(
              ":method: GET",
              ":scheme: https",
              ":path: /index.html",
              ":authority: www.example.com",
              "custom-key: custom-value");
      assertThat(one.decoder.table().toString().lines())
          .containsExactly(
              "custom-key: custom-value", "cache-control: no-cache", ":authority: www.example.com");
      assertThat(one.decoder.table().size()).isEqualTo(164);
    }
  }

  /** With a table of 256 bytes, which evicts. */
  @Test
  void repliesThatEvict() throws ProtocolException {
    String[][] blocks = {
      { // C.5
        "4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a"
            + "3133 3a32 3120 474d 546e 1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70 6c65 2e63 6f6d",
        "4803 3330 37c1 c0bf",
        "88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d 54c0 5a04"
            + "677a 6970 7738 666f 6f3d 4153 444a 4b48 514b 425a 584f 5157 454f 5049 5541 5851 5745"
            + "4f49 553b 206d 6178 2d61 6765 3d33 3630 303b 2076 6572 7369 6f6e 3d31"
      },
      { // C.6
        "4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e"
            + "919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3",
        "4883 640e ffc1 c0bf",
        "88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7"
            + "821d d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0"
            + "03ed 4ee5 b106 3d50 07"
      }
    };
    for (String[] three : blocks) {
      HpackDecoderTest one = new HpackDecoderTest();
      assertThat(one.decode("3fe101" + three[0]))
          .containsExactly(
              ":status: 302",
              "cache-control: private",
              "date: Mon, 21 Oct 2013 20:13:21 GMT",
              "location: https://www.example.com");
      assertThat(one.decoder.table().size()).isEqualTo(222);
      assertThat(one.decode(three[1])).startsWith(":status: 307").hasSize(4);
      assertThat(one.decode(three[2]))
          .containsExactly(
              ":status: 200",
              "cache-control: private",
              "date: Mon, 21 Oct 2013 20:13:22 GMT",
              "location: https://www.example.com",
              "content-encoding: gzip",
              "set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1");
      assertThat(one.decoder.table().size()).isEqualTo(215);
      assertThat(one.decoder.table().toString().lines()).hasSize(3);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "80", // index 0
        "be", // nothing is there yet
        "ff80808080808001", // too large
        "ff80", // cut off
        "41", // a field without a value
        "400a61", // a string that is too long
        "0001", // the same
        "823fe101", // a size after a field
        "3fe21f", // a size of 4097
        "00 82 ffff 0161", // padding that is no less than a byte
        "00 81 01 0161", // padding that is not ones
        "00 84 ffff fffc 0161" // EOS
      })
  void whatIsNoBlockIsRefused(String block) {
    assertThatThrownBy(() -> decode(block)).isInstanceOf(HpackException.class);
  }

  @Test
  void everySymbolHasItsCode() throws Exception {
    SplittableRandom random = new SplittableRandom(7);
    DefaultHttp2HeadersEncoder encoder =
        new DefaultHttp2HeadersEncoder((_, _) -> true, false, 64, 0); // all is a Huffman code
    StringBuilder all = new StringBuilder();
    for (int symbol = 0; symbol < 256; symbol++) {
      all.append((char) symbol);
    }
    for (int i = 0; i < 200; i++) {
      String value = all + all.substring(random.nextInt(256));
      Http2Headers headers = new DefaultHttp2Headers(false).add("n" + i % 7, value);
      assertThat(decode(encoded(encoder, headers))).containsExactly("n" + i % 7 + ": " + value);
    }
  }

  /** Thousands of blocks of one connection, with a table that fills and evicts. */
  @Test
  void readsWhatNettyWrites() throws Exception {
    SplittableRandom random = new SplittableRandom(8);
    DefaultHttp2HeadersEncoder encoder =
        new DefaultHttp2HeadersEncoder((_, _) -> false, false, 64, 20);
    for (int i = 0; i < 5000; i++) {
      List<String> expected = new ArrayList<>();
      Http2Headers headers = new DefaultHttp2Headers(false).status("" + (200 + random.nextInt(5)));
      expected.add(":status: " + headers.status());
      for (int j = random.nextInt(5); j >= 0; j--) {
        String name = "x-" + "abcdefgh".substring(random.nextInt(8)) + j;
        String value = "v".repeat(random.nextInt(300)) + random.nextInt(20);
        headers.add(name, value);
        expected.add(name + ": " + value);
      }
      assertThat(decode(encoded(encoder, headers))).isEqualTo(expected);
    }
    assertThat(decoder.table().size()).isBetween(3000, 4096);
  }

  private static byte[] encoded(DefaultHttp2HeadersEncoder encoder, Http2Headers headers)
      throws Exception {
    ByteBuf buffer = Unpooled.buffer();
    encoder.encodeHeaders(3, headers, buffer);
    return ByteBufUtil.getBytes(buffer);
  }

  @Test
  void noiseNeverCrashes() {
    SplittableRandom random = new SplittableRandom(9);
    int refused = 0;
    int times = Damage.scaled(100_000);
    for (int i = 0; i < times; i++) {
      byte[] block = new byte[1 + random.nextInt(60)];
      random.nextBytes(block);
      try {
        new HpackDecoder(new HpackDecoder.Room())
            .decode(block, 0, block.length, (_, _, _, _, _, _) -> {});
      } catch (ProtocolException _) {
        refused++;
      }
    }
    assertThat(refused).isBetween(times / 2, times);
  }
}
