package dev.conntrail.report.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conntrail.analysis.Analysis;
import dev.conntrail.report.block.Finding;
import dev.conntrail.report.block.Tone;
import dev.conntrail.report.finding.FindingSource;
import dev.conntrail.result.Csv;
import dev.conntrail.result.RunFolder;
import dev.conntrail.result.RunResults;
import dev.conntrail.result.Table;
import dev.conntrail.result.Tables;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How figures were had: files and columns that there are. */
class EvidenceTest {
  private static final Pattern FILE = Pattern.compile("\\w+\\.(?:csv|json)");
  private static final Pattern COLUMN = Pattern.compile("[a-z0-9]+(?:_[a-z0-9]+)+");

  @TempDir private Path folder;

  @Test
  void namesFilesAndColumnsThatThereAre() throws IOException {
    WholeRun.write(folder);
    List<Finding> findings =
        FindingSource.findings(Analysis.of(RunResults.read(new RunFolder(folder))));
    assertThat(findings).extracting(Finding::id).doesNotHaveDuplicates();
    for (Finding f : findings) {
      Set<String> known = new HashSet<>();
      for (String file : matches(FILE, f.evidence().file())) {
        Table<?> table =
            Tables.all().stream().filter(t -> t.file().equals(file)).findFirst().orElseThrow();
        known.addAll(Csv.columns(table.type()));
      }
      Set<String> columns = new HashSet<>(matches(COLUMN, f.evidence().columns()));
      assertThat(known).as(f.id()).isNotEmpty().containsAll(columns);
      assertThat(f.evidence().how()).as(f.id()).isNotBlank().doesNotEndWith(".");
      assertThat(f.evidence().n()).as(f.id()).containsPattern("^[\\d,]+ [a-z]+$");
    }
    assertThat(findings)
        .filteredOn(f -> f.tone() == Tone.GOOD && f.evidence().power().isPresent())
        .extracting(Finding::id)
        .containsExactly("chance");
  }

  private static List<String> matches(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(MatchResult::group).toList();
  }
}
