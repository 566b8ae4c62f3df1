package dev.conntrail.agent;

import java.io.IOException;
import java.util.Optional;

/** A line at a time, to an agent and back. */
public interface Wire extends AutoCloseable {
  /** Sends a line. */
  void send(String line) throws IOException;

  /** Waits for a line; empty at the end, for ever. */
  Optional<String> receive();

  /** Whether the agent is there. */
  boolean alive();

  /** How it ended; waits for that. */
  String ending() throws InterruptedException;

  /** What it said last that is no answer. */
  String lastWords();

  /** Ends the agent, and waits until it has ended. */
  @Override
  void close();
}
