package dev.conntrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.testbed.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The workflow that docs/ offers to GitHub Actions: YAML, and steps that a shell understands. */
class WorkflowTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern SCRIPT = Pattern.compile("scripts/[a-z-]+\\.sh");

  private String text;
  private Map<?, ?> workflow;
  private List<Map<?, ?>> steps;

  @BeforeEach
  void read() throws IOException {
    text = Files.readString(ROOT.resolve("docs/github-actions.yml"));
    workflow =
        (Map<?, ?>)
            new Load(LoadSettings.builder().setAllowDuplicateKeys(false).build())
                .loadFromString(text);
    Map<?, ?> job = (Map<?, ?>) ((Map<?, ?>) workflow.get("jobs")).get("follow");
    steps = ((List<?>) job.get("steps")).stream().<Map<?, ?>>map(s -> (Map<?, ?>) s).toList();
  }

  private List<String> shell() {
    return steps.stream()
        .filter(s -> s.containsKey("run"))
        .map(s -> s.get("run").toString())
        .toList();
  }

  @Test
  void itIsAWorkflow() {
    assertThat(workflow.keySet().stream().map(Object::toString))
        .containsExactly("name", "on", "permissions", "concurrency", "jobs");
    assertThat(((Map<?, ?>) workflow.get("on")).keySet().stream().map(Object::toString))
        .containsExactly("schedule", "workflow_dispatch");
    assertThat(steps)
        .allSatisfy(s -> assertThat(s.containsKey("run")).isNotEqualTo(s.containsKey("uses")));
    assertThat(steps)
        .extracting(s -> String.valueOf(s.get("name")))
        .containsSubsequence("Run", "Compare with the last run of the site", "Publish", "Slower");
  }

  @Test
  void itsStepsAreShellAndItsScriptsAreThere() {
    assertThat(shell())
        .hasSize(7)
        .allSatisfy(step -> {
          Programs.Done read =
              Programs.attempt(
                  List.of("bash", "-n", "-c", step.replaceAll("\\$\\{\\{.*?}}", "x")),
                  "",
                  Programs.SHORT);
          assertThat(read.exitCode()).as("%s: %s", step, read.err()).isZero();
        });
    assertThat(SCRIPT.matcher(String.join("\n", shell())).results().map(MatchResult::group))
        .contains("scripts/run-all.sh", "scripts/publish.sh")
        .allSatisfy(s -> assertThat(ROOT.resolve(s)).isExecutable());
  }

  /** What is slower fails it, after it was published. */
  @Test
  void exitCodeFiveOfCompareFailsItAtTheEnd() {
    assertThat(steps.getLast().get("if")).isEqualTo("steps.compare.outputs.code == '5'");
    assertThat(steps.getLast().get("run")).isEqualTo("exit 5");
    assertThat(shell()).anyMatch(s -> s.contains("conntrail.sh compare "));
  }
}
