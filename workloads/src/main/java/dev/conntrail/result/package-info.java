/**
 * All I/O and every path of a result folder. The header and the rows of a CSV come from the same
 * record.
 */
package dev.conntrail.result;
