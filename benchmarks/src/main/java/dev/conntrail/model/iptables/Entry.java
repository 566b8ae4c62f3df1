package dev.conntrail.model.iptables;

import dev.conntrail.model.Packet;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Where the fields of a rule lie in a {@link Blob}, in bytes: {@code struct ipt_entry} ({@code
 * include/uapi/linux/netfilter_ipv4/ip_tables.h}), then its matches and its target, each with a
 * header ({@code x_tables.h}) and data of its own ({@code xt_*.h}).
 */
final class Entry {
  static final int SOURCE = 0;
  static final int DESTINATION = 4;
  static final int SOURCE_MASK = 8;
  static final int DESTINATION_MASK = 12;
  static final int IN_INTERFACE = 16;
  static final int IN_INTERFACE_MASK = 48;
  static final int PROTOCOL = 80;
  static final int FLAGS = 82;
  static final int INVERTED = 83;
  static final int TARGET_OFFSET = 88;
  static final int NEXT_OFFSET = 90;
  static final int NUMBER = 96;

  /** {@code sizeof(struct ipt_entry)}: where the first match begins. */
  static final int MATCHES = 112;

  /** Bits of {@link #INVERTED}: {@code IPT_INV_VIA_IN} and the like. */
  static final int NOT_IN_INTERFACE = 1;

  static final int NOT_SOURCE = 8;
  static final int NOT_DESTINATION = 16;

  /** {@code IPT_F_GOTO}, of {@link #FLAGS}. */
  static final int GOTO = 2;

  /** {@code sizeof(struct xt_entry_match)}, and of a target: where its own data begin. */
  static final int HEADER = 32;

  /** Where a match or target says what it is; the kernel's pointer stands there. */
  static final int KIND = 8;

  static final int COMMENT = 1;
  static final int PORT = 2;
  static final int RANDOM = 3;
  static final int NTH = 4;
  static final int MARK = 5;
  static final int RECENT = 6;
  static final int STATE = 7;
  static final int LOCAL = 8;
  static final int COUNT = 9;

  static final int STANDARD = 0;
  static final int SET_MARK = 1;
  static final int DNAT = 2;
  static final int MASQUERADE = 3;
  static final int REJECT = 4;
  static final int ERROR = 5;

  /** {@code sizeof(struct xt_standard_target)}. */
  static final int STANDARD_SIZE = 40;

  /** {@code sizeof(struct xt_error_target)}. */
  static final int ERROR_SIZE = 64;

  /** {@code -NF_ACCEPT - 1}. */
  static final int ACCEPT = -2;

  /** {@code -NF_DROP - 1}. */
  static final int DROP = -1;

  /** {@code XT_RETURN}: {@code -NF_REPEAT - 1}. */
  static final int RETURN = -5;

  static final int SCTP_CHUNKS = 268;
  static final int SCTP_FLAGS = 284;
  static final int SCTP_DESTINATION = 2;
  static final int NTH_COUNT = 12;
  static final int RECENT_CHECK_SET = 8;
  static final int RECENT_NAME = 10;
  static final int RECENT_MASK = 212;
  static final int RECENT_CHECK = 1;
  static final int RECENT_SET = 2;
  static final int RECENT_REAP = 32;
  static final int STATE_MATCH_FLAGS = 146;
  static final int STATE_INVERT_FLAGS = 148;
  static final int STATE_MASK = 150;
  static final int NAT_ADDRESS = 4;
  static final int NAT_PORT = 36;

  static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private Entry() {}

  /** Bytes from this rule to the next. */
  static int size(Rule rule) {
    return MATCHES + rule.matches().stream().mapToInt(Entry::size).sum() + size(rule.target());
  }

  /** Bytes of a match, with its header. */
  static int size(Match match) {
    return HEADER
        + switch (match) {
          case Match.Comment _ -> 256;
          case Match.Port p -> p.protocol() == Packet.SCTP ? 296 : 16;
          case Match.Random _, Match.Nth _ -> 24;
          case Match.Mark _ -> 16;
          case Match.Recent _ -> 232;
          case Match.State _ -> 168;
          case Match.Local _ -> 8;
          case Match.Count _ -> 40;
        };
  }

  /** Bytes of a target, with its header. */
  static int size(Target target) {
    return HEADER
        + switch (target) {
          case Target.Continue _, Target.Jump _, Target.Verdict _, Target.Mark _, Target.Reject _ ->
              8;
          case Target.Dnat _ -> 48;
          case Target.Masquerade _ -> 24;
        };
  }

  /** What stands at {@link #KIND} of a match. */
  static int kind(Match match) {
    return switch (match) {
      case Match.Comment _ -> COMMENT;
      case Match.Port _ -> PORT;
      case Match.Random _ -> RANDOM;
      case Match.Nth _ -> NTH;
      case Match.Mark _ -> MARK;
      case Match.Recent _ -> RECENT;
      case Match.State _ -> STATE;
      case Match.Local _ -> LOCAL;
      case Match.Count _ -> COUNT;
    };
  }
}
