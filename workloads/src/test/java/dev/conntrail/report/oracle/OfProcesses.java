package dev.conntrail.report.oracle;

import static dev.conntrail.report.oracle.CsvText.count;

import dev.conntrail.report.oracle.Facts.Cell;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/** What clients, proxies and pods take, read anew from the processes of each repetition. */
record OfProcesses(Facts facts) {
  private List<String[]> processes(Cell cell, Map<String, String> summary, String role) {
    return cell.raw(summary, "processes").filter(r -> r[3].equals(role)).toList();
  }

  /**
   * Pods that came or went have processes of their own, of which not all are known; of a guest
   * nothing is.
   */
  double cpu(Cell cell, String role) {
    if (cell.is("testbed").equals("uml")) {
      return Double.NaN;
    }
    double ns = 0;
    long answered = 0;
    for (Map<String, String> s : cell.summaries()) {
      List<String[]> all = processes(cell, s, role);
      int pods = all.stream().mapToInt(r -> Integer.parseInt(r[5])).sum();
      boolean known = !role.equals("pods") || pods >= cell.pods(s.get("repetition")).size();
      if (!all.isEmpty() && known) {
        ns += all.stream().mapToDouble(r -> Double.parseDouble(r[6])).sum();
        answered += count(s, "requests_answered_count");
      }
    }
    return answered == 0 ? Double.NaN : ns / answered;
  }

  DoubleStream memory(Cell cell, String role) {
    return cell.summaries().stream()
        .map(s -> processes(cell, s, role).stream().map(r -> Double.parseDouble(r[7])).toList())
        .filter(each -> !each.isEmpty() && !each.contains(0.0))
        .mapToDouble(each -> each.stream().mapToDouble(x -> x).sum());
  }
}
