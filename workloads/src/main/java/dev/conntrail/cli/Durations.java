package dev.conntrail.cli;

import dev.conntrail.spec.DurationText;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Durations on the command line, written as in experiments: {@code 90s}, {@code 10m}. */
final class Durations implements ITypeConverter<Duration> {
  @Override
  public Duration convert(String text) {
    return DurationText.parse(text)
        .orElseThrow(() -> new TypeConversionException("'" + text + "' is no duration"));
  }
}
