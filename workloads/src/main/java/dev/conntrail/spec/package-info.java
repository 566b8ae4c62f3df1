/**
 * What a run is: records that validate themselves, a strict YAML reader, a matrix that expands to
 * cells. No I/O but reading.
 */
package dev.conntrail.spec;
