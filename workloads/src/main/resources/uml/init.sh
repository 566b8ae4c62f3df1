#!/bin/bash
# First process of a User-mode Linux guest: mounts, modules, one command, power off. What it writes goes to $OUT only.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/run/tmp TMPDIR=/run/tmp LC_ALL=C.UTF-8
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t tmpfs tmpfs /run
mkdir -p /run/netns /run/tmp /run/conntrail /run/modules/lib/modules
ulimit -n 20000 2>/dev/null || ulimit -n "$(ulimit -Hn)"
# Debian's kernel is in modules; what else it needs it loads by itself.
modules=/usr/lib/uml/modules/$(uname -r)
if [[ -d $modules ]]; then
  ln -s "$modules" "/run/modules/lib/modules/$(uname -r)"
  printf '#!/bin/sh\nexec /sbin/modprobe -d /run/modules "$@"\n' >/run/modprobe
  chmod 755 /run/modprobe
  echo /run/modprobe >/proc/sys/kernel/modprobe
  /run/modprobe -a -q veth dummy ip_vs ip_vs_rr ip_set ip_set_hash_ip ip_set_hash_ipport ip_set_hash_ipportip ip_set_hash_ipportnet ip_set_bitmap_port \
    xt_set nf_conntrack nf_conntrack_netlink iptable_nat iptable_filter iptable_mangle 2>/dev/null
fi
mkdir -p /run/out
mount -t hostfs -o "$OUT" none /run/out
echo 262144 >/proc/sys/net/netfilter/nf_conntrack_max
timeout -k 5 "$LIMIT" bash /run/out/command >/run/out/stdout 2>/run/out/stderr </dev/null
echo $? >/run/out/code
sync
echo o >/proc/sysrq-trigger
sleep 10
