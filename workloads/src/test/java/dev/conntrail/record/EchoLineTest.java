package dev.conntrail.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EchoLineTest {
  private static String ofOthers(String begins) {
    return "the body is no line of Conntrail's echo (POD NODE CONNECTION REQUEST): "
        + begins
        + "; mend: of another server --pod-header NAME or --pod-pattern REGEX says where its"
        + " replies name who answered, --no-pods that they do not";
  }

  @Test
  void aLineIsReadAsItIsWritten() {
    EchoLine line = EchoLine.parse("pod-1 node-2 3 4");
    assertThat(line)
        .isEqualTo(new EchoLine("pod-1", "node-2", 3, 4))
        .hasToString("pod-1 node-2 3 4");
  }

  @ParameterizedTest
  @CsvSource({
    "<html>hello</html>, <html>hello</html>",
    "echo echo echo, echo echo echo",
    "echo echo echo echo, echo echo echo echo",
    "pod-1 node-1 1 x, pod-1 node-1 1 x",
    "pod-1 node-1 1 1 1, pod-1 node-1 1 1 1",
    "pod-1 node-1 99999999999999999999 1, pod-1 node-1 99999999999999999999 1",
    "'pod-1  1 1', 'pod-1  1 1'",
    "' node-1 1 1', node-1 1 1"
  })
  void whatElseIsRefusedByWhatItBeginsWith(String body, String begins) {
    assertThatThrownBy(() -> EchoLine.parse(body))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage(ofOthers("it begins with '" + begins + "'"));
  }

  @Test
  void soIsWhatIsEmptyOrLongOrNoText() {
    assertThatThrownBy(() -> EchoLine.parse("")).hasMessage(ofOthers("it is empty"));
    assertThatThrownBy(() -> EchoLine.parse("\r\n \n")).hasMessage(ofOthers("it is empty"));
    assertThatThrownBy(() -> EchoLine.parse("\n\n{\"pod\":\n \"a\"}"))
        .hasMessage(ofOthers("it begins with '{\"pod\":'"));
    assertThatThrownBy(() -> EchoLine.parse("a".repeat(100)))
        .hasMessage(ofOthers("it begins with '" + "a".repeat(40) + "'"));
    assertThatThrownBy(() -> EchoLine.parse("\u0001\u00e4b"))
        .hasMessage(ofOthers("it begins with '..b'"));
  }
}
