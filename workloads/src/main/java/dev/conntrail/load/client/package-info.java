/**
 * The protocol clients. Each is one implementation of {@link
 * dev.conntrail.load.client.ProtocolClient}.
 */
package dev.conntrail.load.client;
