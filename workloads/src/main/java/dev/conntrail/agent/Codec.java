package dev.conntrail.agent;

import dev.conntrail.result.Json;

/** Orders and answers as lines. */
final class Codec {
  private Codec() {}

  static String line(Order order) {
    return Json.line(order);
  }

  static String line(Answer answer) {
    return Json.line(answer);
  }

  /**
   * The order of a line.
   *
   * @throws IllegalArgumentException if it is none, or not a whole one
   */
  static Order order(String line) {
    return Json.parseWhole(line, Order.class);
  }

  /**
   * The answer of a line.
   *
   * @throws IllegalArgumentException if it is none, or not a whole one
   */
  static Answer answer(String line) {
    return Json.parseWhole(line, Answer.class);
  }
}
