package dev.conntrail.state;

import dev.conntrail.model.Packet;
import dev.conntrail.model.Service;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Services as a cluster has them: ClusterIPs drawn without repetition from a network of 2^20
 * addresses, as the API server allocates them, so that neither a comparison nor the branch
 * predictor meets a pattern; all TCP port 80; each with its own endpoints.
 */
public final class DrawnServices {
  /** 10.96.0.0/12. */
  public static final int NETWORK = 0x0A600000;

  private static final int HOSTS = 1 << 20;
  private static final int POD_NETWORK = 0x0A800000;
  private static final int PORT = 80;
  private static final int TARGET_PORT = 8080;

  /** {@code maxPods} of the kubelet. */
  private static final int PODS_OF_A_NODE = 110;

  private DrawnServices() {}

  /**
   * Draws Services.
   *
   * @param count how many
   * @param endpoints of each
   */
  public static List<Service> draw(int count, int endpoints, long seed) {
    List<Service> services = new ArrayList<>(count);
    int[] addresses = addresses(count, seed);
    for (int i = 0; i < count; i++) {
      services.add(
          new Service(addresses[i], PORT, Packet.TCP, endpoints(i * endpoints, endpoints)));
    }
    return services;
  }

  /** Addresses of pods, one after the other from the {@code first}. */
  public static List<Service.Endpoint> endpoints(int first, int count) {
    List<Service.Endpoint> made = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      made.add(new Service.Endpoint(POD_NETWORK + first + i, TARGET_PORT));
    }
    return made;
  }

  /** Whether a pod is one of the first 110: as many as the kubelet takes by default. */
  static boolean onOneNode(int address) {
    return address - POD_NETWORK < PODS_OF_A_NODE;
  }

  /** An address of the same network that no drawn Service has. */
  public static int unknown(int count, long seed) {
    return addresses(count + 1, seed)[count];
  }

  private static int[] addresses(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Set<Integer> taken = new HashSet<>();
    int[] addresses = new int[count];
    for (int i = 0; i < count; i++) {
      int address;
      do {
        address = NETWORK | random.nextInt(HOSTS);
      } while (!taken.add(address));
      addresses[i] = address;
    }
    return addresses;
  }
}
