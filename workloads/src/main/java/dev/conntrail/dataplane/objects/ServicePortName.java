package dev.conntrail.dataplane.objects;

/**
 * What a service port is known by ({@code ServicePortName}, {@code pkg/proxy/types.go}).
 *
 * @param port its name; empty for an unnamed one
 */
record ServicePortName(String namespace, String service, String port, String protocol) {}
