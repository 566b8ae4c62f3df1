/**
 * Programs that stand between clients and pods, or tell clients which pods there are. A proxy has
 * an adapter that knows its configuration and its administrator's door; starting, waiting, counting
 * and ending are alike.
 */
package dev.conntrail.proxy;
