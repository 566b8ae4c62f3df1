package dev.conntrail.analysis.chance;

/**
 * The n-th roots of unity, exp(2 pi i j / n), and complex powers: what a Fourier sum is made of.
 */
final class UnitCircle {
  final int points;
  final double[] cos;
  final double[] sin;

  UnitCircle(int points) {
    this.points = points;
    cos = new double[points];
    sin = new double[points];
    for (int j = 0; j < points; j++) {
      cos[j] = Math.cos(2 * Math.PI * j / points);
      sin[j] = Math.sin(2 * Math.PI * j / points);
    }
  }

  /** The point at an angle of so many steps. */
  int at(long steps) {
    return (int) Math.floorMod(steps, (long) points);
  }

  /**
   * Multiplies by a power.
   *
   * @param product real and imaginary part of what is multiplied
   * @param exponent 0 or more
   */
  static void timesPower(double[] product, double re, double im, int exponent) {
    double x = re;
    double y = im;
    for (int e = exponent; e > 0; e >>= 1) {
      if ((e & 1) == 1) {
        double r = product[0] * x - product[1] * y;
        product[1] = product[0] * y + product[1] * x;
        product[0] = r;
      }
      double square = x * x - y * y;
      y = 2 * x * y;
      x = square;
    }
  }
}
