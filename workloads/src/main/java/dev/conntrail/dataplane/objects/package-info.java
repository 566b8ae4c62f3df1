/**
 * Services and EndpointSlices from YAML or JSON: read, held to what Kubernetes' API server takes,
 * and turned into what kube-proxy keeps of them.
 */
package dev.conntrail.dataplane.objects;
