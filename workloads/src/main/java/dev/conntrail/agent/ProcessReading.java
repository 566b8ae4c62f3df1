package dev.conntrail.agent;

import dev.conntrail.posix.ProcessUse;

/**
 * What an agent's process has had of the machine.
 *
 * @param process its name
 * @param pods that it serves; 0 for a client
 * @param use until now
 */
public record ProcessReading(String process, int pods, ProcessUse use) {}
