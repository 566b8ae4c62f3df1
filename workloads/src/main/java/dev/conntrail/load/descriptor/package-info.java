/** What messages a gRPC method takes: from a descriptor set, or from the server itself. */
package dev.conntrail.load.descriptor;
