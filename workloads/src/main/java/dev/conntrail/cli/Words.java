package dev.conntrail.cli;

import dev.conntrail.spec.BundledExperiments;
import dev.conntrail.spec.Named;
import dev.conntrail.spec.TestbedKind;
import java.util.Iterator;

/** Words that a shell can complete. */
final class Words {
  /** The bundled experiments. */
  static final class Experiments implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return BundledExperiments.NAMES.iterator();
    }
  }

  /** The kinds of testbeds. */
  static final class Testbeds implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Named.words(TestbedKind.class).iterator();
    }
  }

  private Words() {}
}
