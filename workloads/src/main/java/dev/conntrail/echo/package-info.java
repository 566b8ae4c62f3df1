/**
 * The backend that pods run: HTTP/1.1, HTTP/2, WebSocket and gRPC; one process may serve many pods.
 */
package dev.conntrail.echo;
