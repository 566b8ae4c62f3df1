package dev.conntrail.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The bundled experiments, altered at random: each is understood, or refused with the place and
 * what is allowed. Seeded, so that what fails once fails again.
 */
@Tag("computes")
class ExperimentFuzzTest {
  private static final int INPUTS = 4000;
  private static final long SEED = 12;

  /** Where, what was found and what is allowed; text that is no YAML at all says why not. */
  private static final Pattern REFUSAL =
      Pattern.compile(
          "fuzz\\.yaml:[1-9]\\d*: (.+: found .+; allowed: .+|not YAML: .+)", Pattern.DOTALL);

  private static final List<Object> VALUES =
      List.of(
          List.of(),
          Map.of(),
          List.of(List.of(1)),
          Map.of("at", "1s"),
          "",
          "no-such",
          "1s",
          "-1",
          "99999999999999999999",
          "1e9",
          "0x10",
          "a b: c",
          "\u00e9\u4e2d",
          true,
          0,
          -5,
          1.5);

  private static final List<String> FRAGMENTS =
      List.of(
          "\t",
          ":",
          "- ",
          "{",
          "}",
          "[",
          "]",
          "#",
          "&a ",
          "*a",
          "!!int ",
          "\"",
          "'",
          "|",
          ">",
          "%",
          "<<: ",
          "\u0000",
          "\u0007",
          "\ud83d\ude00",
          "?",
          "---\n",
          "...\n",
          ", ",
          "=",
          "~",
          "null");

  private final Random random = new Random(SEED);

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  @Test
  void whateverIsWrittenIsUnderstoodOrRefusedWithItsPlace() {
    List<String> sources =
        BundledExperiments.NAMES.stream()
            .map(name -> BundledExperiments.byName(name).source())
            .toList();
    List<String> wrong = new ArrayList<>();
    int understood = 0;
    for (int i = 0; i < INPUTS; i++) {
      String text = any(sources);
      for (int n = 1 + random.nextInt(3); n > 0; n--) {
        text = random.nextBoolean() ? alteredText(text, any(sources)) : alteredTree(text);
      }
      Optional<TestbedKind> instead =
          random.nextInt(4) == 0
              ? Optional.of(any(List.of(TestbedKind.values())))
              : Optional.empty();
      try {
        assertThat(ExperimentReader.parse("fuzz.yaml", text, instead).cells()).isNotEmpty();
        understood++;
      } catch (SpecException e) {
        if (!REFUSAL.matcher(e.getMessage()).matches()) {
          wrong.add(e.getMessage());
        }
      } catch (RuntimeException | StackOverflowError e) {
        wrong.add(e + " from:\n" + text);
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(understood).as("of both kinds there are many").isBetween(INPUTS / 20, INPUTS / 2);
  }

  /** Lines and characters, whatever they mean. */
  private String alteredText(String text, String other) {
    List<String> lines = new ArrayList<>(text.lines().toList());
    if (lines.isEmpty()) {
      return other;
    }
    int at = random.nextInt(lines.size());
    int character = random.nextInt(text.length() + 1);
    switch (random.nextInt(9)) {
      case 0 -> lines.remove(at);
      case 1 -> lines.add(at, any(lines));
      case 2 -> lines.set(at, any(other.lines().toList()));
      case 3 -> lines.set(at, " ".repeat(random.nextInt(5)) + lines.get(at));
      case 4 -> lines.set(at, lines.get(at).stripLeading());
      case 5 -> {
        return text.substring(0, character);
      }
      case 6 -> {
        return text.substring(0, character) + any(FRAGMENTS) + text.substring(character);
      }
      case 7 -> {
        return text.substring(0, character) + other.substring(random.nextInt(other.length()));
      }
      default -> {
        String digits = Integer.toString(random.nextInt(100_000));
        lines.set(at, lines.get(at).replaceFirst("\\d+", digits));
      }
    }
    return String.join("\n", lines) + "\n";
  }

  /** Keys and values; text that is no YAML any more stays as it is. */
  private String alteredTree(String text) {
    try {
      Object tree = new Load(LoadSettings.builder().build()).loadFromString(text);
      return new Dump(DumpSettings.builder().build()).dumpToString(altered(tree));
    } catch (RuntimeException _) {
      return text;
    }
  }

  private Object altered(Object node) {
    boolean deeper = random.nextInt(5) > 0;
    return switch (node) {
      case Map<?, ?> map when deeper && !map.isEmpty() -> alteredMap(map);
      case List<?> list when deeper && !list.isEmpty() -> alteredList(list);
      default -> random.nextBoolean() ? any(VALUES) : List.of(node == null ? "x" : node);
    };
  }

  private Map<Object, Object> alteredMap(Map<?, ?> map) {
    Map<Object, Object> changed = new LinkedHashMap<>(map);
    Object key = any(new ArrayList<>(changed.keySet()));
    BiFunction<Object, Object, Object> deeper = (_, v) -> altered(v);
    switch (random.nextInt(6)) {
      case 0 -> changed.remove(key);
      case 1 -> changed.put(key + "x", changed.remove(key));
      case 2 -> changed.put(any(BlockReader.KEYS), any(VALUES));
      default -> changed.compute(key, deeper);
    }
    return changed;
  }

  private List<Object> alteredList(List<?> list) {
    List<Object> changed = new ArrayList<>(list);
    int at = random.nextInt(changed.size());
    switch (random.nextInt(5)) {
      case 0 -> changed.remove(at);
      case 1 -> changed.add(changed.get(at));
      case 2 -> changed.add(at, any(VALUES));
      default -> changed.set(at, altered(changed.get(at)));
    }
    return changed;
  }
}
