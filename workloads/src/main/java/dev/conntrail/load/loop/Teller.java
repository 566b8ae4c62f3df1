package dev.conntrail.load.loop;

import dev.conntrail.load.client.OtherStatus;
import dev.conntrail.load.codec.Body;
import dev.conntrail.spec.Exchange;
import java.util.BitSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Reads from replies which pod sent them, as a plan has it. */
final class Teller {
  private static final String NOBODY = "";

  /** More than there are of HTTP: it has three digits. */
  private static final int STATUSES = 1000;

  private final Exchange exchange;
  private final Pattern pattern;
  private final BitSet answers = new BitSet(STATUSES);

  Teller(Exchange exchange) {
    this.exchange = exchange;
    this.pattern =
        Pattern.compile(exchange.teller() == Exchange.Teller.PATTERN ? exchange.tells() : NOBODY);
    IntStream.range(0, STATUSES).filter(exchange::answers).forEach(answers::set);
  }

  /** Whether a reply of this status is an answer. */
  boolean answers(int status) {
    return answers.get(status);
  }

  /** What is thrown of a reply whose status is no answer. */
  IllegalArgumentException refusal(int status) {
    return new IllegalArgumentException(
        echo() ? OtherStatus.ofEcho(status) : OtherStatus.of(status));
  }

  /** Whether it is the line of an echo, which {@link Answerer} reads. */
  boolean echo() {
    return exchange.teller() == Exchange.Teller.ECHO;
  }

  /**
   * The pod's name; empty if replies need not tell it.
   *
   * @param seen the value of the watched field
   * @throws IllegalArgumentException if the reply does not say it, and should
   */
  String pod(String seen, Body body) {
    return switch (exchange.teller()) {
      case FIELD -> named(seen, "field " + exchange.tells(), "--pod-header");
      case PATTERN -> {
        Matcher found = pattern.matcher(body.toString());
        yield named(
            found.find() ? found.group(Math.min(1, found.groupCount())) : NOBODY,
            "text like " + exchange.tells(),
            "--pod-pattern");
      }
      case ECHO, NOTHING -> NOBODY;
    };
  }

  private static String named(String pod, String where, String option) {
    if (pod == null || pod.isEmpty()) {
      throw new IllegalArgumentException(
          "the reply does not say which pod sent it: no "
              + where
              + "; mend: "
              + option
              + " as all replies have it, or --no-pods where they do not say it");
    }
    return pod;
  }
}
