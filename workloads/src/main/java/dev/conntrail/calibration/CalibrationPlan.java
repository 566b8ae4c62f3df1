package dev.conntrail.calibration;

import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.IptablesBackend;
import dev.conntrail.testbed.Abilities;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is measured in the kernel.
 *
 * @param points data planes and numbers of Services
 * @param rounds of each
 * @param connects to each target in a round
 */
public record CalibrationPlan(List<Point> points, int rounds, int connects) {
  /** One data plane with so many Services. */
  public record Point(DataPlane plane, IptablesBackend backend, int services) {
    /** As a person would say it. */
    public String title() {
      return (plane == DataPlane.IPTABLES ? "iptables-" + backend.word() : plane.word())
          + ", "
          + services
          + " Services";
    }
  }

  /**
   * Of these data planes alone.
   *
   * @param planes empty for all
   */
  public CalibrationPlan only(Set<DataPlane> planes) {
    return planes.isEmpty()
        ? this
        : new CalibrationPlan(
            points.stream().filter(p -> planes.contains(p.plane())).toList(), rounds, connects);
  }

  /** How much is measured. */
  public enum Profile {
    /** About ten seconds. */
    QUICK,
    /** About half a minute. */
    DEFAULT,
    /** Minutes: loading 10,000 Services takes nft that long. */
    FULL;

    /** The word of the command line. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The profile of a word.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Profile of(String word) {
      return Arrays.stream(values())
          .filter(p -> p.word().equals(word))
          .findFirst()
          .orElseThrow(() ->
              new IllegalArgumentException(
                  "--profile: found "
                      + word
                      + "; allowed: "
                      + Arrays.stream(values())
                          .map(Profile::word)
                          .collect(Collectors.joining(", "))));
    }

    /**
     * What it measures, of what the kernel can do. Loading decides how many Services: nft and
     * ipvsadm take long with many.
     */
    public CalibrationPlan plan(Abilities kernel) {
      return switch (this) {
        case QUICK -> plan(kernel, 5, 400, List.of(1, 1000, 4000), List.of(1, 500, 1000));
        case DEFAULT ->
            plan(kernel, 7, 600, List.of(1, 1000, 4000, 10_000), List.of(1, 1000, 2000));
        case FULL ->
            plan(
                kernel,
                9,
                2000,
                List.of(1, 10, 100, 1000, 5000, 10_000, 30_000),
                List.of(1, 10, 100, 1000, 5000, 10_000));
      };
    }

    private static CalibrationPlan plan(
        Abilities kernel, int rounds, int connects, List<Integer> many, List<Integer> fewer) {
      List<Point> points = new ArrayList<>();
      if (kernel.legacyIptables()) {
        many.forEach(s -> points.add(new Point(DataPlane.IPTABLES, IptablesBackend.LEGACY, s)));
      }
      if (kernel.nftables()) {
        fewer.forEach(s -> points.add(new Point(DataPlane.IPTABLES, IptablesBackend.NFT, s)));
        fewer.forEach(s -> points.add(new Point(DataPlane.NFTABLES, IptablesBackend.AUTO, s)));
      }
      if (kernel.ipvs()) {
        fewer.forEach(s -> points.add(new Point(DataPlane.IPVS, IptablesBackend.AUTO, s)));
      }
      return new CalibrationPlan(points, rounds, connects);
    }
  }
}
