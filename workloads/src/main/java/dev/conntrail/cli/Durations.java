package dev.conntrail.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Durations on the command line, written as in experiments: {@code 90s}, {@code 10m}, {@code 1h}.
 */
final class Durations implements ITypeConverter<Duration> {
  private static final Pattern TEXT = Pattern.compile("(\\d{1,6})(s|m|h)");

  @Override
  public Duration convert(String text) {
    Matcher m = TEXT.matcher(text);
    if (!m.matches()) {
      throw new TypeConversionException("'" + text + "' is no duration");
    }
    long n = Long.parseLong(m.group(1));
    return switch (m.group(2)) {
      case "s" -> Duration.ofSeconds(n);
      case "m" -> Duration.ofMinutes(n);
      default -> Duration.ofHours(n);
    };
  }
}
