package dev.conntrail.result.row;

import dev.conntrail.spec.Named;

/** What a run did, or what was seen of a cluster meanwhile. */
public enum Step implements Named {
  TESTBED_UP("testbed-up"),
  ECHO_AND_LOAD_READY("echo-and-load-ready"),
  PRIMED("primed"),
  RULES_READY("rules-ready"),
  LOAD_START("load-start"),
  LOAD_END("load-end"),
  LOAD_LOST("load-lost"),
  REPETITION_FAILED("repetition-failed"),
  TESTBED_DOWN("testbed-down"),
  GUEST_BOOT("guest-boot"),
  GUEST_OFF("guest-off"),
  CLUSTER_MAKE("cluster-make"),
  CLUSTER_READY("cluster-ready"),
  IMAGE_LOADED("image-loaded"),
  /** Something happened to a pod, as the API's watch told. */
  POD("pod"),
  /** Something happened to endpoints, as the API's watch told. */
  ENDPOINTSLICE("endpointslice"),
  /** The API's watch ended. */
  WATCH_LOST("watch-lost");

  private final String word;

  Step(String word) {
    this.word = word;
  }

  @Override
  public String word() {
    return word;
  }
}
