/**
 * Drives traffic: phases and pacing here, fire times in {@code schedule}, protocols in {@code
 * client}. Pacing and recording know a protocol only as a {@link dev.conntrail.load.client.Caller}.
 */
package dev.conntrail.load;
