/**
 * Runs an experiment: nested brackets of testbed, data plane, echo and load, in this order, each
 * closed whatever happens.
 */
package dev.conntrail.experiment;
