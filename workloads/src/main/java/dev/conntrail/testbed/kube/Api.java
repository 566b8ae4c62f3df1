package dev.conntrail.testbed.kube;

import dev.conntrail.testbed.TestbedException;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Optional;
import java.util.function.Supplier;

/** Calls of the Kubernetes API, whose refusals say what was to be done, and the mend. */
final class Api {
  /** What fabric8 gives as code where no answer came at all. */
  private static final int NO_ANSWER = 0;

  private static final int EDITS = 10;

  private Api() {}

  /**
   * Does something with the API.
   *
   * @param what is to be done, as errors call it: "list pods"
   */
  static <T> T call(String what, Supplier<T> call) {
    try {
      return call.get();
    } catch (KubernetesClientException e) {
      String why =
          Optional.ofNullable(e.getStatus())
              .map(s -> s.getMessage())
              .orElse(String.valueOf(e.getMessage()));
      throw new TestbedException("cannot " + what + ": " + why, mend(e.getCode(), why), e);
    }
  }

  /**
   * Reads an object, and writes it changed: again if somebody else, as a controller that notes the
   * object's status, has written it in between.
   *
   * @param edit reads and writes
   */
  static <T> T edit(String what, Supplier<T> edit) {
    return call(what, () -> edit(edit, EDITS));
  }

  private static <T> T edit(Supplier<T> edit, int times) {
    try {
      return edit.get();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT || times == 1) {
        throw e;
      }
      return edit(edit, times - 1);
    }
  }

  private static String mend(int code, String why) {
    return switch (code) {
      case HttpURLConnection.HTTP_UNAUTHORIZED -> "log in to the cluster again";
      case HttpURLConnection.HTTP_FORBIDDEN ->
          why.contains("exceeded quota")
              ? "raise the quota, or ask for fewer pods"
              : "ask for this right (`testbed rbac` prints the Role that is needed)";
      case NO_ANSWER -> "see that the cluster is reachable: kubectl get --raw /version";
      default -> "";
    };
  }
}
