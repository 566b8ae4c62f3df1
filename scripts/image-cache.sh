# shellcheck shell=sh
# Run in a container of the base image by image.sh: an echo serves each protocol for a second, and leaves a cache of its classes (JEP 514).
# The flags that change what a cache holds are those of the image's entry point (workloads/pom.xml).
set -e
cd /opt/conntrail
conntrail() { java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow "$@"; }
mkfifo /tmp/orders
conntrail -XX:AOTCacheOutput=/opt/conntrail/workloads.aot -jar /opt/conntrail/workloads.jar \
  echo --orders --address 127.0.0.1 --health-port 8081 </tmp/orders >/tmp/said &
exec 3>/tmp/orders
i=0
until cat /proc/net/tcp /proc/net/tcp6 | grep -q ':1F91 '; do # the health port
  i=$((i + 1))
  [ $i -lt 300 ]
  sleep 0.1
done
drive() { # PORT PROTOCOL
  conntrail -jar /opt/conntrail/workloads.jar load --protocol "$2" --client loop --target "127.0.0.1:$1" --warmup-ms 0 --measure-ms 500 --rate 50 --out "/tmp/$2"
}
drive 8080 http1
drive 8080 http2
drive 8080 websocket
drive 9090 grpc
drive 9090 grpc-stream
exec 3>&-
wait
[ -f workloads.aot ] || cat /tmp/said
