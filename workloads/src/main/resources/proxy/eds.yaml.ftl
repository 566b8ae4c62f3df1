resources:
- "@type": type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment
  cluster_name: pods
  endpoints:
  - lb_endpoints:
<#list plan.backends as b>
    - health_status: ${serving?seq_contains(b.pod)?then("HEALTHY", "DRAINING")}
      endpoint: {address: {socket_address: {address: ${b.address}, port_value: ${b.port}}}}
</#list>
