package dev.conntrail.calibration;

import dev.conntrail.result.row.Lookup;
import dev.conntrail.spec.DataPlane;
import dev.conntrail.spec.Named;
import dev.conntrail.testbed.Abilities;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is measured in the kernel.
 *
 * @param points data planes and numbers of Services
 * @param loads of the rules of each point, each from nothing
 * @param effort how long each is measured
 */
public record CalibrationPlan(List<Point> points, int loads, Effort effort) {
  /**
   * How long a load of rules is measured.
   *
   * @param rounds each with figures of its own
   * @param connects to each target in a round
   */
  public record Effort(int rounds, int connects) {}

  /** One data plane with so many Services. */
  public record Point(Lookup lookup, int services) {
    private static final String SEPARATOR = ":";

    /** As a person would say it. */
    public String title() {
      return lookup.word() + ", " + services + (services == 1 ? " Service" : " Services");
    }

    /** As the command line of a guest has it. */
    public String word() {
      return lookup.word() + SEPARATOR + services;
    }

    /**
     * From that.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static Point parse(String word) {
      String[] parts = word.split(SEPARATOR, -1);
      Optional<Lookup> lookup = Named.find(Lookup.class, parts[0]);
      if (parts.length != 2 || lookup.isEmpty() || !parts[1].matches("[1-9][0-9]{0,5}")) {
        throw new IllegalArgumentException(
            "--loads: found '" + word + "'; allowed: ipvs:1000 and the like");
      }
      return new Point(lookup.get(), Integer.parseInt(parts[1]));
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
            points.stream().filter(p -> planes.contains(p.lookup().plane())).toList(),
            loads,
            effort);
  }

  /** Each point once for each of its loads, in an order drawn anew every time. */
  List<Point> drawn(Random random) {
    List<Point> all = new ArrayList<>();
    for (int i = 0; i < loads; i++) {
      all.addAll(drawn(points, random));
    }
    return all;
  }

  /** The same points in an order drawn anew. */
  static List<Point> drawn(List<Point> points, Random random) {
    List<Point> order = new ArrayList<>(points);
    Collections.shuffle(order, random);
    return order;
  }

  /** How much is measured. */
  public enum Profile implements Named {
    /** About ten seconds. */
    QUICK("quick", 2, 2, 200),
    /** A minute. */
    DEFAULT("default", 2, 3, 350),
    /** Minutes: loading 10,000 Services takes nft that long. */
    FULL("full", 2, 9, 1000);

    private final String word;
    private final int loads;
    private final int rounds;
    private final int connects;

    Profile(String word, int loads, int rounds, int connects) {
      this.word = word;
      this.loads = loads;
      this.rounds = rounds;
      this.connects = connects;
    }

    /** The word of the command line. */
    @Override
    public String word() {
      return word;
    }

    /** How long each load of rules is measured. */
    public Effort effort() {
      return new Effort(rounds, connects);
    }

    /**
     * The profile of a word.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Profile of(String word) {
      return Named.find(Profile.class, word)
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
     * What it measures, of what a kernel can do. Loading decides how many Services: nft and ipvsadm
     * take long with many. The default has the numbers of the benchmarks, for a ratio needs the
     * same.
     */
    public CalibrationPlan plan(Abilities kernel) {
      List<Point> points = new ArrayList<>();
      if (kernel.legacyIptables()) {
        add(points, Lookup.IPTABLES_LEGACY, many());
      }
      if (kernel.nftables()) {
        add(points, Lookup.IPTABLES_NFT, fewer());
        add(points, Lookup.NFTABLES, fewer());
        add(points, Lookup.NFTABLES_1_37, fewer());
      }
      if (kernel.ipvs()) {
        add(points, Lookup.IPVS, fewer());
      }
      return new CalibrationPlan(List.copyOf(points), loads, effort());
    }

    private static void add(List<Point> points, Lookup lookup, List<Integer> services) {
      services.forEach(s -> points.add(new Point(lookup, s)));
    }

    private List<Integer> many() {
      return switch (this) {
        case QUICK -> List.of(1, 500, 1000, 1500, 2000);
        case DEFAULT -> List.of(1, 1000, 2500, 5000, 10_000);
        case FULL -> List.of(1, 10, 100, 1000, 5000, 10_000, 30_000);
      };
    }

    private List<Integer> fewer() {
      return switch (this) {
        case QUICK -> List.of(1, 250, 500, 750, 1000);
        case DEFAULT -> List.of(1, 500, 1000, 1500, 2000);
        case FULL -> List.of(1, 10, 100, 1000, 5000, 10_000);
      };
    }
  }
}
