package dev.conntrail.model;

/**
 * What the rules see of a packet ({@code struct sk_buff}), and what they do to it. Mutable, so that
 * one instance can carry packet after packet through a lookup without allocation.
 *
 * <p>Addresses and ports are in host order: {@code 0x0A600001} is 10.96.0.1. A model that works on
 * the bytes of the wire, as most of the kernel does, turns them itself.
 */
public final class Packet {
  /** {@code IPPROTO_TCP}. */
  public static final int TCP = 6;

  /** {@code IPPROTO_UDP}. */
  public static final int UDP = 17;

  /** {@code IPPROTO_SCTP}. */
  public static final int SCTP = 132;

  /** {@code NF_CT_STATE_INVALID_BIT}, of the state mask of xt_conntrack. */
  public static final int INVALID = 1;

  /** {@code IP_CT_ESTABLISHED} as a bit of the same mask. */
  public static final int ESTABLISHED = 2;

  /** {@code IP_CT_RELATED} as a bit of the same mask. */
  public static final int RELATED = 4;

  /** {@code IP_CT_NEW} as a bit of the same mask. */
  public static final int NEW = 8;

  /** Address of the sender. */
  public int source;

  /** Address of the receiver. */
  public int destination;

  /** Port of the sender. */
  public int sourcePort;

  /** Port of the receiver. */
  public int destinationPort;

  /** {@link #TCP}, {@link #UDP} or {@link #SCTP}. */
  public int protocol = TCP;

  /** One of {@link #NEW}, {@link #ESTABLISHED}, {@link #RELATED}, {@link #INVALID}. */
  public int state = NEW;

  /** Whether the destination is an address of the node (address type LOCAL). */
  public boolean localDestination;

  /** Whether the source is an address of the node. */
  public boolean localSource;

  /** First eight bytes of the name of the interface it came in by, as the kernel's word. */
  public long inInterface;

  /** The packet mark, {@code skb->mark}. */
  public int mark;

  /** Set where a rule masquerades it without having marked it before. */
  public boolean masqueraded;

  /** Set by a data plane that translates: the endpoint's address. */
  public int endpoint;

  /** Set by a data plane that translates: the endpoint's port. */
  public int endpointPort;

  /** Fills in the five fields that name a connection; clears the mark and the translation. */
  public Packet of(int source, int sourcePort, int destination, int destinationPort, int protocol) {
    this.source = source;
    this.sourcePort = sourcePort;
    this.destination = destination;
    this.destinationPort = destinationPort;
    this.protocol = protocol;
    mark = 0;
    masqueraded = false;
    endpoint = 0;
    endpointPort = 0;
    return this;
  }
}
