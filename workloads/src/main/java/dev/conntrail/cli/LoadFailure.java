package dev.conntrail.cli;

import dev.conntrail.spec.Named;

/** For what {@code load --fail-on} lets the command fail. */
enum LoadFailure implements Named {
  /** A request or a connect failed, in any phase. */
  FAILED("failed") {
    @Override
    boolean in(LoadAnswer.Requests requests, LoadAnswer.Client client) {
      return requests.allFailedCount() > 0;
    }
  },
  /** A request of any phase had no answer when the drain ended. */
  UNANSWERED("unanswered") {
    @Override
    boolean in(LoadAnswer.Requests requests, LoadAnswer.Client client) {
      return requests.allUnansweredCount() > 0;
    }
  },
  /** Times are partly the client's own. */
  SHORT_OF_CPU("short-of-cpu") {
    @Override
    boolean in(LoadAnswer.Requests requests, LoadAnswer.Client client) {
      return client.shortOfCpu();
    }
  };

  private final String word;

  LoadFailure(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }

  /** Whether it happened. */
  abstract boolean in(LoadAnswer.Requests requests, LoadAnswer.Client client);
}
