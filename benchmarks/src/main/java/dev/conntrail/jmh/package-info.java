/** JMH benchmarks. */
package dev.conntrail.jmh;
