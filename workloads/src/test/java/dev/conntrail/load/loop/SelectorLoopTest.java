package dev.conntrail.load.loop;

import java.io.IOException;

/** The same, where there is no epoll: Java's own selector. */
class SelectorLoopTest extends LoopEngineTest {
  @Override
  Net net() throws IOException {
    return new NioNet();
  }
}
