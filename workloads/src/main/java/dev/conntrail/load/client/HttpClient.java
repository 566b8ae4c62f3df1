package dev.conntrail.load.client;

import dev.conntrail.load.codec.OtherPort;
import dev.conntrail.record.EchoLine;
import dev.conntrail.record.LedgerEntry;
import dev.conntrail.spec.LoadPlan;
import dev.conntrail.spec.Pooling;
import dev.conntrail.spec.Retries;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;

/**
 * HTTP/1.1 keep-alive, HTTP/2 with prior knowledge, and the short-lived control, by OkHttp:
 * blocking calls on virtual threads. OkHttp's own time-outs are off (they cost 15 %) but for first
 * exchanges; the load's drain ends what else hangs.
 */
final class HttpClient implements ProtocolClient {
  /** How HTTP connections are used. */
  enum Style {
    HTTP1(Protocol.HTTP_1_1),
    HTTP2(Protocol.H2_PRIOR_KNOWLEDGE),
    SHORT_LIVED(Protocol.HTTP_1_1);

    private final Protocol protocol;

    Style(Protocol protocol) {
      this.protocol = protocol;
    }
  }

  /** Where the interceptor leaves the connection that a call used. */
  private static final class Used {
    private volatile Socket socket;

    /** A connection has it now; whether another had it before. */
    boolean again(Socket now) {
      boolean again = socket != null;
      socket = now;
      return again;
    }
  }

  private final Style style;
  private final OkHttpClient base;
  private final Connections connections;
  private final int perClient;
  private final Optional<HttpPools> shared;
  private final UnderWay underWay = new UnderWay();

  HttpClient(Style style, LoadPlan.Callers callers, Connections connections) {
    this.style = style;
    this.connections = connections;
    this.perClient = callers.cure().perClient();
    this.base =
        new OkHttpClient.Builder()
            .protocols(List.of(style.protocol))
            .retryOnConnectionFailure(callers.retries() == Retries.LIBRARY)
            .followRedirects(false)
            .connectTimeout(0, TimeUnit.SECONDS)
            .readTimeout(0, TimeUnit.SECONDS)
            .writeTimeout(0, TimeUnit.SECONDS)
            .pingInterval(
                connections.keepAlives().pings() ? connections.keepAlives().seconds() : 0,
                TimeUnit.SECONDS)
            .addNetworkInterceptor(chain -> {
              Used used = chain.request().tag(Used.class);
              okhttp3.Connection connection = chain.connection();
              if (used != null && connection != null && used.again(connection.socket())) {
                connections.retried().run();
              }
              return chain.proceed(
                  used != null && lastOf(used) ? leaving(chain.request()) : chain.request());
            })
            .build();
    this.shared =
        callers.pooling() == Pooling.SHARED
            ? Optional.of(pools(ConnectionPool::new))
            : Optional.empty();
  }

  /** Whether it is the last request of an HTTP/1.1 connection that was used long enough. */
  private boolean lastOf(Used used) {
    if (style != Style.HTTP1 || !(used.socket instanceof TrackedSocket socket)) {
      return false;
    }
    socket.use();
    if (!socket.over()) {
      return false;
    }
    socket.leave();
    return true;
  }

  private static Request leaving(Request request) {
    return request.newBuilder().header("Connection", "close").build();
  }

  /** HTTP/1.1 retires each connection by itself; one of HTTP/2 is all that its client has. */
  private HttpPools pools(Supplier<ConnectionPool> each) {
    Lifetimes lifetimes = style == Style.HTTP2 ? connections.lifetimes() : Lifetimes.ENDLESS;
    HttpPools pools =
        new HttpPools(() ->
            new Rotation<>(
                Math.max(1, perClient),
                worn -> client(each.get(), worn),
                HttpPools::evict,
                lifetimes));
    connections.targets().onChange(pools::keepTo);
    return pools;
  }

  private OkHttpClient client(ConnectionPool pool, BooleanSupplier worn) {
    return base.newBuilder()
        .connectionPool(pool)
        .socketFactory(TrackedSocket.factory(connections, style == Style.HTTP2, worn))
        .build();
  }

  /** The pool of a caller, which has one connection at a time to an address, or none for long. */
  private ConnectionPool ofCaller() {
    return new ConnectionPool(style == Style.SHORT_LIVED ? 0 : 1, 1, TimeUnit.HOURS);
  }

  @Override
  public Caller caller(Pick pick) {
    return shared
        .map(pools -> new HttpCaller(pick, pools, false))
        .orElseGet(() -> new HttpCaller(pick, pools(this::ofCaller), true));
  }

  @Override
  public void close() {
    underWay.await();
    shared.ifPresent(HttpPools::close);
  }

  private final class HttpCaller implements Caller {
    private final Pick pick;
    private final HttpPools pools;
    private final boolean own;
    private volatile Call outstanding;
    private volatile boolean closed;

    HttpCaller(Pick pick, HttpPools pools, boolean own) {
      this.pick = pick;
      this.pools = pools;
      this.own = own;
    }

    @Override
    public void connect(IntConsumer statuses) throws IOException {
      if (style != Style.SHORT_LIVED) {
        Used used = new Used();
        long sentNs = System.nanoTime();
        try (UnderWay.Call _ = underWay.begin()) {
          String line = exchange(used, statuses, connections.first().patience());
          entry(used).replied(EchoLine.parse(line), 0, sentNs, System.nanoTime());
        } catch (InterruptedIOException e) {
          boolean late = System.nanoTime() - sentNs >= connections.first().patience().toNanos();
          throw late ? new IOException(connections.first().late(used.socket != null), e) : e;
        }
      }
    }

    @Override
    public void send(Reply reply) {
      Used used = new Used();
      underWay.start(() -> {
        String line;
        LedgerEntry entry;
        try {
          line = exchange(used, reply::replied, Duration.ZERO);
          entry = entry(used);
        } catch (IOException | RuntimeException e) {
          reply.failed(e);
          return;
        }
        reply.arrived(entry, line);
      });
    }

    private Request request(InetSocketAddress to, Used used) {
      HttpUrl url =
          new HttpUrl.Builder()
              .scheme("http")
              .host(to.getAddress().getHostAddress())
              .port(to.getPort())
              .addPathSegment("echo")
              .build();
      Request.Builder request = new Request.Builder().url(url).tag(Used.class, used);
      if (style == Style.SHORT_LIVED) {
        request.header("Connection", "close");
      }
      return request.build();
    }

    /** Makes a request, which is given up after a while, or with a limit of zero by nobody. */
    private String exchange(Used used, IntConsumer statuses, Duration limit) throws IOException {
      try (Pick.Picked to = pick.next()) {
        return exchange(to.address(), used, statuses, limit);
      }
    }

    private String exchange(InetSocketAddress to, Used used, IntConsumer statuses, Duration limit)
        throws IOException {
      try (Rotation<OkHttpClient>.Lease pool = pools.to(to)) {
        Call call = pool.it().newCall(request(to, used));
        call.timeout().timeout(limit.toNanos(), TimeUnit.NANOSECONDS);
        outstanding = call;
        if (closed) {
          call.cancel();
        }
        return exchange(call, used, statuses);
      }
    }

    private String exchange(Call call, Used used, IntConsumer statuses) throws IOException {
      try (Response response = call.execute()) {
        if (style == Style.HTTP1 && "close".equalsIgnoreCase(response.header("Connection"))) {
          entry(used).goodbye();
        }
        String body = response.body().string();
        statuses.accept(response.code());
        if (response.code() != 200) {
          throw new IOException(OtherStatus.ofEcho(response.code()));
        }
        return body;
      } catch (IOException e) {
        throw used.socket instanceof TrackedSocket met && met.metHttp2() ? OtherPort.http2() : e;
      }
    }

    private LedgerEntry entry(Used used) {
      if (used.socket instanceof TrackedSocket tracked && tracked.entry() != null) {
        return tracked.entry();
      }
      throw new IllegalStateException("OkHttp used a socket that the ledger does not know");
    }

    @Override
    public void close() {
      closed = true;
      Call call = outstanding;
      if (call != null) {
        call.cancel();
      }
      if (own) {
        pools.close();
      }
    }
  }
}
