package dev.conntrail.cli;

import dev.conntrail.spec.Named;
import dev.conntrail.spec.PodEnding;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How a pod ends, on the command line. */
final class Endings implements ITypeConverter<PodEnding> {
  @Override
  public PodEnding convert(String text) {
    return Named.find(PodEnding.class, text)
        .orElseThrow(() -> new TypeConversionException("'" + text + "' is no way to end"));
  }
}
