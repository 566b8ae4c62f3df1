package dev.conntrail.cli;

import dev.conntrail.spec.DurationText;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Delays of answers on the command line: from 1 ms to a minute. */
final class Delays implements ITypeConverter<Duration> {
  private static final Duration LEAST = Duration.ofMillis(1);
  private static final Duration MOST = Duration.ofMinutes(1);

  @Override
  public Duration convert(String text) {
    return DurationText.parse(text)
        .filter(d -> d.compareTo(LEAST) >= 0 && d.compareTo(MOST) <= 0)
        .orElseThrow(() -> new TypeConversionException("'" + text + "' is no delay"));
  }
}
