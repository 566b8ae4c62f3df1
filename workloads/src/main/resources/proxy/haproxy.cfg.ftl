global
  stats socket ${door} mode 600 level admin
  log stdout format raw local0 info
  # threads that log at the same time lose lines
  nbthread 1
defaults
  mode http
  timeout connect 5s
  timeout client 1h
  timeout server 1h
  timeout tunnel 1h
  timeout http-keep-alive 1h
frontend clients
  log global
  log-format "request %ci:%cp %bi:%bp %s %Tr %Tc"
  bind ${plan.address}:${plan.port}<#if plan.http2> proto h2</#if>
  default_backend pods
backend pods
  balance ${plan.policy.setting()}
<#list plan.backends as b>
  server ${b.pod} ${b.address}:${b.port}<#if plan.http2> proto h2</#if> disabled
</#list>
