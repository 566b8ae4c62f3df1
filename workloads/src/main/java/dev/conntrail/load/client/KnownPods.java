package dev.conntrail.load.client;

import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.StatusOr;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** Resolves a name of its own to the pods that a client knows, and says so when they change. */
final class KnownPods extends NameResolverProvider {
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  private final Targets targets;
  private final String scheme = "known-pods-" + NUMBERS.incrementAndGet();

  KnownPods(Targets targets) {
    this.targets = targets;
  }

  /** What a channel is to be made for. */
  String name() {
    return scheme + ":///echo";
  }

  @Override
  public String getDefaultScheme() {
    return scheme;
  }

  @Override
  protected boolean isAvailable() {
    return true;
  }

  @Override
  protected int priority() {
    return 5;
  }

  @Override
  public Collection<Class<? extends SocketAddress>> getProducedSocketAddressTypes() {
    return Set.of(InetSocketAddress.class);
  }

  @Override
  public NameResolver newNameResolver(URI uri, NameResolver.Args args) {
    return new NameResolver() {
      @Override
      public String getServiceAuthority() {
        return "echo";
      }

      @Override
      public void start(Listener2 listener) {
        targets.onChange(
            now -> args.getSynchronizationContext().execute(() -> tell(listener, now)));
        args.getSynchronizationContext().execute(() -> tell(listener, targets.now()));
      }

      @Override
      public void shutdown() {
        // a channel that is shut down heeds nothing
      }
    };
  }

  private static void tell(NameResolver.Listener2 listener, List<InetSocketAddress> now) {
    listener.onResult2(
        NameResolver.ResolutionResult.newBuilder()
            .setAddressesOrError(
                StatusOr.fromValue(now.stream().map(EquivalentAddressGroup::new).toList()))
            .build());
  }
}
