package dev.conntrail.dataplane;

import java.util.List;

/** No rules: clients connect straight to pods. */
final class DirectProxy extends NodeProxy {
  DirectProxy(Setup setup) {
    super(setup);
  }

  @Override
  public Installed start(List<ServicePort> services) {
    return new Installed("NA", "none", "", 0, 0);
  }

  @Override
  public double sync(List<ServicePort> services, boolean graceful) {
    return 0;
  }

  @Override
  public String dump() {
    return "";
  }

  @Override
  public double stop() {
    return 0;
  }
}
