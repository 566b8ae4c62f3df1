package dev.conntrail.agent;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.conntrail.proxy.Backend;
import dev.conntrail.proxy.ProxyPlan;
import dev.conntrail.spec.Cure;
import dev.conntrail.spec.EchoPod;
import dev.conntrail.spec.KubeProxy;
import dev.conntrail.spec.LoadPlan;
import dev.conntrail.spec.PodEnding;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What an agent is told, a line of JSON whose {@code order} is the record's name. Each is answered,
 * in turn; a {@link Signal} is not.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "order")
public sealed interface Order {
  /** No order of its own: said to the one under way, or to the next if there is none. */
  sealed interface Signal extends Order {}

  /** Any agent: answered with {@link Answer.Clock}. */
  record Clock() implements Order {}

  /**
   * Any agent: what its process has had of the machine, or the program that it runs; answered with
   * {@link Answer.Used}.
   */
  record Use() implements Order {}

  /**
   * Echo: serves pods too, beside those that it serves; answered with {@link Answer.Serving}, all
   * of them.
   */
  record Serve(List<EchoPod> pods) implements Order {
    public Serve {
      pods = List.copyOf(pods);
    }
  }

  /**
   * Echo: what the pods counted since the last time; answered with {@link Answer.Files}, {@link
   * EchoAgent#COUNTS}.
   */
  record Take() implements Order {}

  /** Echo: changes pods; answered with {@link Answer.Open}. */
  sealed interface OfPods extends Order {
    /** Their names. */
    List<String> pods();
  }

  /** They stall for a time, and then go on where they were. */
  record Pause(List<String> pods, Duration time) implements OfPods {
    public Pause {
      pods = List.copyOf(pods);
    }
  }

  /**
   * Each answer is so much later from now on, and takes so much of the pod's one processor; zero
   * takes it away.
   */
  record Slow(List<String> pods, Duration delay, Duration cpu) implements OfPods {
    public Slow {
      pods = List.copyOf(pods);
    }
  }

  /** Their processes end. */
  record Stop(List<String> pods, PodEnding ending) implements OfPods {
    public Stop {
      pods = List.copyOf(pods);
    }
  }

  /** They are as new processes would be. */
  record Start(List<String> pods) implements OfPods {
    public Start {
      pods = List.copyOf(pods);
    }
  }

  /**
   * They are as new processes would be, and do what a cure has them do with connections from now
   * on.
   */
  record Recycle(List<String> pods, Cure cure) implements OfPods {
    public Recycle {
      pods = List.copyOf(pods);
    }
  }

  /** Nothing changes: how many connections are open? */
  record Open(List<String> pods) implements OfPods {
    public Open {
      pods = List.copyOf(pods);
    }
  }

  /**
   * Proxy: starts one, and waits until it listens; answered with {@link Answer.Done}.
   *
   * @param serving pods that are behind it from the first
   */
  record StartProxy(ProxyPlan plan, List<Backend> serving) implements Order {
    public StartProxy {
      serving = List.copyOf(serving);
    }
  }

  /**
   * Proxy: serves these pods from now on, and no others; answered with {@link Answer.Done}, once it
   * does.
   */
  record ServePods(List<Backend> pods) implements Order {
    public ServePods {
      pods = List.copyOf(pods);
    }
  }

  /**
   * Proxy: drains the one that runs, and ends it; answered with {@link Answer.Files}, {@link
   * ProxyAgent#WITNESS}.
   *
   * @param limit of the wait for its connections
   */
  record DrainProxy(Duration limit) implements Order {}

  /** Proxy: ends the one that runs, if one does, at once; answered with {@link Answer.Done}. */
  record StopProxy() implements Order {}

  /** Proxy: which programs are there; answered with {@link Answer.Programs}. */
  record Versions() implements Order {}

  /**
   * Load: runs a repetition; answered with {@link Answer.Connected}, and once told to {@link Begin}
   * and at its end with {@link Answer.Files}, a client's folder.
   */
  record Run(LoadPlan plan) implements Order {}

  /** Load: asks for a name where its pod does; answered with {@link Answer.Addresses}. */
  record Resolve(String name) implements Order {}

  /**
   * Timer: times what a plan says; answered with {@link Answer.Timed}.
   *
   * @param plan of one load of rules
   */
  record Time(TimerPlan plan) implements Order {}

  /**
   * Guest: runs cells of an experiment; answered with any number of {@link Answer.Repetition} and
   * {@link Answer.Said}, then with {@link Answer.Measured}.
   *
   * @param source the experiment's YAML
   * @param cells places of the cells to run, in the order of the file, from 0
   * @param run the run's name
   * @param edit of rules, as the command line has it; empty for none
   * @param echoDelay of each answer; zero for at once
   * @param kubeProxy whose rules, whatever the cells ask for; empty for what they ask for
   */
  record Cells(
      String source,
      List<Integer> cells,
      String run,
      String edit,
      Duration echoDelay,
      Optional<KubeProxy> kubeProxy)
      implements Order {
    public Cells {
      cells = List.copyOf(cells);
    }
  }

  /**
   * Guest: measures loads of rules, one after the other; answered with {@link Answer.Said} as each
   * begins, then with {@link Answer.Files}, the table of them.
   *
   * @param profile the word of how long each is measured
   * @param loads the word of each
   */
  record Calibrate(String profile, List<String> loads) implements Order {
    public Calibrate {
      loads = List.copyOf(loads);
    }
  }

  /** The phases begin at this instant, milliseconds since the epoch, of the agent's own clock. */
  record Begin(long epochMs) implements Signal {}

  /** Load: these are the endpoints of the Service from now on, {@code ip:port}, and no others. */
  record Endpoints(List<String> addresses) implements Signal {
    public Endpoints {
      addresses = List.copyOf(addresses);
    }
  }

  /** Ends early, in order: what has not begun begins now. */
  record Drain() implements Signal {}

  /** No more orders: for a transport that cannot end an agent's input. */
  record End() implements Signal {}
}
