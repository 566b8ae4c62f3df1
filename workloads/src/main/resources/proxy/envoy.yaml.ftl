node: {id: conntrail, cluster: conntrail}
admin: {address: {pipe: {path: ${door}}}}
static_resources:
  listeners:
  - name: clients
    address: {socket_address: {address: ${plan.address}, port_value: ${plan.port}}}
<#if plan.options.exactBalance>
    connection_balance_config: {exact_balance: {}}
</#if>
    filter_chains:
    - filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: clients
          codec_type: ${plan.http2?then("HTTP2", "HTTP1")}
          stream_idle_timeout: 0s
          access_log:
          - name: envoy.access_loggers.file
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog
              path: /dev/stdout
              log_format:
                text_format_source:
                  inline_string: "request %DOWNSTREAM_REMOTE_ADDRESS% %UPSTREAM_LOCAL_ADDRESS% %UPSTREAM_HOST% %RESPONSE_DURATION%\n"
          upgrade_configs: [{upgrade_type: websocket}]
          common_http_protocol_options: ${limits.clients}
          route_config:
            virtual_hosts:
            - name: pods
              domains: ["*"]
              routes:
              - match: {prefix: /}
                route:
                  cluster: pods
                  timeout: 0s
<#if plan.policy.hashes()>
                  hash_policy: [{connection_properties: {source_ip: true}}]
</#if>
          http_filters:
          - name: envoy.filters.http.router
            typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
  clusters:
  - name: pods
    type: EDS
    connect_timeout: 5s
    lb_policy: ${plan.policy.setting()}
    eds_cluster_config:
      eds_config:
        resource_api_version: V3
        path_config_source: {path: ${endpoints}}
    common_lb_config: {healthy_panic_threshold: {value: 0}}
    circuit_breakers:
      thresholds: [{max_connections: 100000, max_pending_requests: 100000, max_requests: 100000}]
<#if plan.options.outlierDetection>
    # of ten pods one at most, and of fewer one as well, which it would not eject by itself
    outlier_detection: {consecutive_5xx: 5, interval: 1s, base_ejection_time: 30s, always_eject_one_host: true}
</#if>
    typed_extension_protocol_options:
      envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
        "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
        common_http_protocol_options: ${limits.pods}
        explicit_http_config: {${plan.http2?then("http2", "http")}_protocol_options: {}}
