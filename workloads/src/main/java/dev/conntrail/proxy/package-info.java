/**
 * Programs that stand between clients and pods. Each has an adapter that knows its configuration
 * and its administrator's door; starting, waiting, counting and ending are alike.
 */
package dev.conntrail.proxy;
