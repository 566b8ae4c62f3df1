package dev.conntrail.load.codec;

import java.io.IOException;
import java.net.InetSocketAddress;

/** A server that says how many connections clients made to it. */
interface CountedServer {
  /** Where it listens. */
  InetSocketAddress address();

  /** How many so far. */
  long connections() throws IOException;
}
