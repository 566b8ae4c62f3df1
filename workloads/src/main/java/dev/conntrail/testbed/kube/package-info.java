/**
 * Real clusters: kind's, made by the run, and any that a kubeconfig names. Pods, Services and load
 * are driven through the Kubernetes API; what a node's kernel knows is asked on the node.
 */
package dev.conntrail.testbed.kube;
