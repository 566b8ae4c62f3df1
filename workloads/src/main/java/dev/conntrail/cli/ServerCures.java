package dev.conntrail.cli;

import dev.conntrail.spec.Cure;
import dev.conntrail.spec.Recycling;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What a server can do against imbalance, on the command line. */
final class ServerCures implements ITypeConverter<Recycling> {
  @Override
  public Recycling convert(String text) {
    try {
      Cure cure = Cure.parse(text);
      return cure.byServer()
          .filter(r -> r.toString().equals(cure.toString()))
          .orElseThrow(
              () -> new TypeConversionException("'" + text + "' is no cure of a server alone"));
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException("found '" + text + "'; allowed: " + e.getMessage());
    }
  }
}
