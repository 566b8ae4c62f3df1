package dev.conntrail.echo;

import dev.conntrail.echo.v1.EchoMethods;
import io.grpc.BindableService;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.services.MetricRecorder;
import io.grpc.xds.orca.OrcaMetricReportingServerInterceptor;
import io.grpc.xds.orca.OrcaServiceImpl;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * What a pod says of itself to callers who weigh pods (ORCA, gRFC A51): answers a second, and how
 * busy it is, which is how many requests it had under way on average. An answer counts in whole
 * milliseconds, at least one: what is shorter is the machine's noise, and no difference of pods.
 */
final class LoadReports implements ServerInterceptor {
  private static final long WINDOW_NS = TimeUnit.SECONDS.toNanos(1);
  private static final double NS_PER_MS = 1e6;
  private static final long SHORTEST_MS = 100;

  private final MetricRecorder said = MetricRecorder.newInstance();
  private final ServerInterceptor beside = OrcaMetricReportingServerInterceptor.create(said);
  private long sinceNs = System.nanoTime();
  private long answers;
  private long busyMs;

  /** Tells whoever asks for it, in a stream of its own. */
  BindableService stream(ScheduledExecutorService timer) {
    return OrcaServiceImpl.createService(timer, said, SHORTEST_MS, TimeUnit.MILLISECONDS);
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    String asked = headers.get(EchoMethods.REPORTS);
    if (asked == null) {
      return next.startCall(call, headers);
    }
    ServerCallHandler<Q, A> timed = (c, h) -> next.startCall(timed(c), h);
    return asked.equals("calls")
        ? beside.interceptCall(call, headers, timed)
        : timed.startCall(call, headers);
  }

  private <Q, A> ServerCall<Q, A> timed(ServerCall<Q, A> call) {
    long begunNs = System.nanoTime();
    return new SimpleForwardingServerCall<>(call) {
      @Override
      public void close(Status status, Metadata trailers) {
        answered(begunNs, System.nanoTime());
        super.close(status, trailers);
      }
    };
  }

  private synchronized void answered(long begunNs, long nowNs) {
    answers++;
    busyMs += Math.max(1, Math.round((nowNs - begunNs) / NS_PER_MS));
    long lastedNs = nowNs - sinceNs;
    if (lastedNs >= WINDOW_NS) {
      double lastedMs = lastedNs / NS_PER_MS;
      said.setQpsMetric(answers * TimeUnit.SECONDS.toMillis(1) / lastedMs);
      said.setApplicationUtilizationMetric(busyMs / lastedMs);
      sinceNs = nowNs;
      answers = 0;
      busyMs = 0;
    }
  }
}
