package dev.conntrail.load.loop;

import dev.conntrail.load.codec.Body;
import dev.conntrail.spec.Exchange;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads from replies which pod sent them, as a plan has it. */
final class Teller {
  private static final String NOBODY = "";

  private final Exchange exchange;
  private final Pattern pattern;

  Teller(Exchange exchange) {
    this.exchange = exchange;
    this.pattern =
        Pattern.compile(exchange.teller() == Exchange.Teller.PATTERN ? exchange.tells() : NOBODY);
  }

  /** Whether a reply of this status is an answer. */
  boolean answers(int status) {
    return exchange.answers(status);
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
      case FIELD -> named(seen, "field " + exchange.tells());
      case PATTERN -> {
        Matcher found = pattern.matcher(body.toString());
        yield named(
            found.find() ? found.group(Math.min(1, found.groupCount())) : NOBODY,
            "text like " + exchange.tells());
      }
      case ECHO, NOTHING -> NOBODY;
    };
  }

  private static String named(String pod, String where) {
    if (pod == null || pod.isEmpty()) {
      throw new IllegalArgumentException("the reply does not say which pod sent it: no " + where);
    }
    return pod;
  }
}
