/**
 * How the cost of a lookup grows with the number of Services, in models and kernels, and what of it
 * can be compared.
 */
package dev.conntrail.analysis.growth;
