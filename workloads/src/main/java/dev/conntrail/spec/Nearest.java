package dev.conntrail.spec;

import java.util.Comparator;
import java.util.List;

/** The word that somebody may have meant who wrote one that is none. */
final class Nearest {
  private Nearest() {}

  /** As the end of a refusal: {@code (did you mean 'round-robin'?)}; empty where none is near. */
  static String of(String found, List<String> allowed) {
    return allowed.stream()
        .filter(w -> Math.abs(found.length() - w.length()) <= most(w))
        .filter(w -> distance(found, w) <= most(w))
        .min(Comparator.comparingInt(w -> distance(found, w)))
        .map(w -> " (did you mean '" + w + "'?)")
        .orElse("");
  }

  private static int most(String word) {
    return Math.max(1, word.length() / 3);
  }

  /** Letters to add, leave out, change, or swap with their neighbour. */
  private static int distance(String a, String b) {
    int[][] of = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        of[i][j] = i == 0 || j == 0 ? i + j : least(of, i, j, a.charAt(i - 1) == b.charAt(j - 1));
        if (i > 1 && j > 1 && a.startsWith(swapped(b, j), i - 2)) {
          of[i][j] = Math.min(of[i][j], of[i - 2][j - 2] + 1);
        }
      }
    }
    return of[a.length()][b.length()];
  }

  private static int least(int[][] of, int i, int j, boolean same) {
    int other = Math.min(of[i - 1][j], of[i][j - 1]) + 1;
    return Math.min(other, of[i - 1][j - 1] + (same ? 0 : 1));
  }

  /** The two letters before a place, the second first. */
  private static String swapped(String text, int place) {
    return "" + text.charAt(place - 1) + text.charAt(place - 2);
  }
}
