package dev.conntrail.dataplane.objects;

import static dev.conntrail.dataplane.objects.KubeObjectsTest.BOTH;
import static dev.conntrail.dataplane.objects.KubeObjectsTest.SERVICE;
import static dev.conntrail.dataplane.objects.KubeObjectsTest.SLICE;
import static dev.conntrail.dataplane.objects.KubeObjectsTest.ports;
import static dev.conntrail.dataplane.objects.KubeObjectsTest.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.dataplane.ServicePort;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.json.JsonMapper;

/** All forms that a file of objects may have, and what is no such file. */
class ObjectsFileTest {
  /** What is allowed where no object is found. */
  private static final String SCHEME = "an object with apiVersion and kind, or a List of such";

  /** Two documents, a List, Lists of one kind as the API itself gives them, JSON one by one. */
  @Test
  void allFormsOfAFileMeanTheSame() {
    String json = jsonOf(SERVICE);
    assertThat(
            List.of(
                "\uFEFF# a comment\n---\n" + BOTH + "---\n...\n",
                "apiVersion: v1\nkind: List\nitems:\n" + item(SERVICE) + item(SLICE),
                "apiVersion: v1\nkind: ServiceList\nitems:\n"
                    + item(SERVICE.replace("apiVersion: v1\nkind: Service\n", ""))
                    + "---\n"
                    + SLICE,
                json + jsonOf(SLICE),
                json.replace(",", ",\n\t") + "\n" + jsonOf(SLICE),
                json.replace(":", ": ").replace("\"", "") + "\n---\n" + SLICE))
        .allSatisfy(text -> assertThat(ports(text)).isEqualTo(ports(BOTH)));
  }

  private static String item(String object) {
    return object.indent(2).replaceFirst(" ", "-");
  }

  private static String jsonOf(String yaml) {
    return JsonMapper.shared()
        .writeValueAsString(new Load(LoadSettings.builder().build()).loadFromString(yaml));
  }

  /** As a cluster's dump has them, and a Service of Knative, which is another kind. */
  @Test
  void otherKindsArePassedOver() {
    String others =
        """
        ---
        {apiVersion: v1, kind: Pod, spec: [1, null]}
        ---
        {apiVersion: v1, kind: PodList, items: 5}
        ---
        {apiVersion: serving.knative.dev/v1, kind: Service, spec: 7}
        """;
    assertThat(ports(BOTH + others)).isEqualTo(ports(BOTH));
  }

  /** Anchors, aliases and merge keys are YAML's own way to write less. */
  @Test
  void aliasesAreWrittenOut() {
    String aliased =
        SERVICE.replace(
            "- port: 80\n", "- &p {name: a, port: 80}\n  - {<<: *p, name: b, port: 81}\n");
    assertThat(ports(aliased)).extracting(ServicePort::portName).containsExactly("a", "b");
  }

  static Stream<Arguments> noObjects() {
    return Stream.of(
        Arguments.of("", "found no Service; allowed: " + KubeObjects.ALLOWED),
        Arguments.of("# nothing\n---\n", "found no Service; allowed: " + KubeObjects.ALLOWED),
        Arguments.of(SLICE, "found no Service; allowed: " + KubeObjects.ALLOWED),
        Arguments.of("hello", "object 1: found 'hello'; allowed: " + SCHEME),
        Arguments.of("[{}]", "object 1: found a list; allowed: " + SCHEME),
        Arguments.of(SERVICE + "--- 5", "object 2: found 5; allowed: " + SCHEME),
        Arguments.of("{}", "object 1: kind: found nothing; allowed: that of a Kubernetes object"),
        Arguments.of(
            "{kind: Service}",
            "object 1 (Service): apiVersion: found nothing; allowed: that of a Kubernetes object"),
        Arguments.of(
            "{apiVersion: v1, kind: List}",
            "object 1 (List): items: found nothing; allowed: a list of objects"),
        Arguments.of(
            "{apiVersion: v1, kind: List, items: {}}",
            "object 1 (List): items: found a map; allowed: a list of objects"),
        Arguments.of(
            "{apiVersion: v1, kind: List, items: []}",
            "found no Service; allowed: " + KubeObjects.ALLOWED),
        Arguments.of(
            "{apiVersion: v1, kind: List, items: [null]}",
            "object 1, items[0]: found nothing; allowed: " + SCHEME),
        Arguments.of(
            "{apiVersion: v2, kind: Service}",
            "object 1 (Service): apiVersion: found 'v2'; allowed: v1"),
        Arguments.of(
            "{apiVersion: discovery.k8s.io/v1beta1, kind: EndpointSlice, metadata: {name: x}}",
            "EndpointSlice default/x: apiVersion: found 'discovery.k8s.io/v1beta1'; allowed:"
                + " discovery.k8s.io/v1"));
  }

  @ParameterizedTest
  @MethodSource
  void noObjects(String text, String message) {
    assertThat(refusal(text)).isEqualTo("f: " + message);
  }

  static Stream<Arguments> noText() {
    return Stream.of(
        Arguments.of("a: b: c", "f:1: found no YAML (mapping values are not allowed here)"),
        Arguments.of("a: 1\na: 2", "f:2: found no YAML (found duplicate key a)"),
        Arguments.of("a: *b", "f:1: found no YAML (found undefined alias b)"),
        Arguments.of("a: b\0c", "f: found no YAML (special characters are not allowed)"),
        Arguments.of("? [a]\n: b", "f: found no YAML (Non scalar key is detected"),
        Arguments.of("a: !!binary '?'", "f: found no YAML (a value that does not fit its tag)"),
        Arguments.of("a: !!int b", "f: found no YAML (a value that does not fit its tag)"),
        Arguments.of("a: !b c", "f:1: found no YAML (could not determine a constructor"),
        Arguments.of("a: !!binary aGk=", "f: object 1: a: found a tag such as !!binary"),
        Arguments.of("~: 1", "f: object 1: found a key that is nothing"),
        Arguments.of("1: a\n'1': b", "f: object 1: found the key '1' a second time"),
        Arguments.of("a: &a [*a]", "f: object 1: a[0][0]"),
        Arguments.of(aliasesOfAliases(30), "f: object 1: "),
        Arguments.of("[".repeat(20_000), "f:1: found no YAML (maps and lists nested deeper than"),
        Arguments.of("{\"a\":".repeat(20_000), "f:1: found no JSON (Document nesting depth (501)"),
        Arguments.of("{\"a\": 1,\n \"a\": 2}", "f:2: found no JSON (Duplicate Object property"),
        Arguments.of("{\"a\": \n [1, }", "f:2: found no JSON (Unexpected character"));
  }

  /** Each line stands for twice the one before. */
  private static String aliasesOfAliases(int lines) {
    StringBuilder text = new StringBuilder("a0: &a0 [x]\n");
    for (int i = 1; i < lines; i++) {
      text.append("a%d: &a%d [*a%d, *a%d]%n".formatted(i, i, i - 1, i - 1));
    }
    return text.toString();
  }

  @ParameterizedTest
  @MethodSource
  void noText(String text, String start) {
    assertThat(refusal(text)).startsWith(start).contains("; allowed: ").hasLineCount(1);
  }

  @Test
  void bytesThatAreNoText() {
    assertThat(refusal(SERVICE.getBytes(StandardCharsets.UTF_16)))
        .isEqualTo("f: found bytes that are no UTF-8 text; allowed: YAML or JSON in UTF-8");
  }
}
