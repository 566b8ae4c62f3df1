/** JMH benchmarks of the models, and the profiles that a run takes. */
package dev.conntrail.jmh;
