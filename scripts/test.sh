#!/usr/bin/env bash
# Runs every test: formatter, static analysis, unit, golden, property, browser, and, as root, the privileged ones.
# Says what was skipped and why; fails if a privileged test was skipped although root is there.
set -o errexit -o nounset -o pipefail

# shellcheck source=scripts/setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
need mvn:maven git:git ip:iproute2 iptables:iptables nft:nftables conntrack:conntrack nfacct:nfacct nsenter:util-linux \
  chromium:chromium chromedriver:chromium-driver shellcheck:shellcheck python3:python3 ping:iputils-ping linux.uml:user-mode-linux ipvsadm:ipvsadm ipset:ipset taskset:util-linux modprobe:kmod
proxies
get_nginx

cd "$here"
shellcheck --external-sources scripts/*.sh .ci/run
code=0
scratch=$(mktemp -d) computing=''
computed=$scratch/computed
trap 'rm -rf "$scratch"; [[ -z $computing ]] || kill -- "-$computing" || true' EXIT
# A lab beside the checkout brings Docker with kind, and a User-mode Linux kernel that has all modes.
lab=${CONNTRAIL_KIND_LAB:-$here/../shared/kind-lab/kind-lab}
if [[ -z ${CONNTRAIL_UML_KERNEL:-} && -f ${lab%/*}/uml-kernel.zst ]]; then
  need zstd:zstd
  export CONNTRAIL_UML_KERNEL=$scratch/uml-kernel
  zstd -q -d "${lab%/*}/uml-kernel.zst" -o "$CONNTRAIL_UML_KERNEL"
  chmod 755 "$scratch" "$CONNTRAIL_UML_KERNEL"
fi
# It gets itself ready beside the tests of this machine, for that is waiting more than work: for packages and for the disk.
lab_up=
if [[ -x $lab ]] && ((EUID == 0)); then
  "$lab" up &
  lab_up=$!
fi
excluded=kind
if [[ -z ${CONNTRAIL_UML_KERNEL:-} ]]; then
  excluded+=' | uml-kernel'
  say "NOT RUN: all modes in one guest, for CONNTRAIL_UML_KERNEL names no kernel"
fi
# The first time both take a registry and a compiler, so they are got beside each other.
if [[ -z ${CONNTRAIL_GRPC_GO:-} ]] && command -v go >/dev/null; then
  { go build -C workloads/src/test/go/grpcgo -o "$scratch/grpcgo" . >"$scratch/go.log" 2>&1 || { cat "$scratch/go.log" >&2; }; } &
  building=$!
fi
[[ -n ${CONNTRAIL_WSTEST:-} ]] || get_wstest
[[ -z ${building:-} ]] || wait "$building"
if [[ -z ${CONNTRAIL_WSTEST:-} && -x $cache/wstest/wstest ]]; then
  export CONNTRAIL_WSTEST=$cache/wstest/wstest
fi
if [[ -z ${CONNTRAIL_WSTEST:-} ]]; then
  excluded+=' | autobahn'
  say "NOT RUN: Autobahn's cases, for the suite was not got, which takes Python 2.7, and CONNTRAIL_WSTEST names no wstest"
fi
if [[ -z ${CONNTRAIL_GRPC_GO:-} && -x $scratch/grpcgo ]]; then
  export CONNTRAIL_GRPC_GO=$scratch/grpcgo
fi
if [[ -z ${CONNTRAIL_GRPC_GO:-} ]]; then
  excluded+=' | grpc-go'
  say "NOT RUN: a server of grpc-go, for none was built, which takes Go, and CONNTRAIL_GRPC_GO names none; what one said is read all the same"
fi
# Kernels draw, and machines are busy: a test that fails is run once more, and the summary names those that passed then.
again=(-Dsurefire.rerunFailingTestsCount=1)
mvn --batch-mode --no-transfer-progress verify "${again[@]}" -DexcludedGroups="$excluded | computes" "$@" || code=$?

# Tests that only compute wait for nothing and nobody waits for them: they take the CPU that the tests on kind leave.
compute_beside() {
  setsid bash -c 'echo 19 2>/dev/null >/proc/self/autogroup || true; exec nice -n 19 "$@"' computing \
    mvn --batch-mode --no-transfer-progress --offline --projects workloads surefire:test "${again[@]}" -Dgroups=computes \
    -DexcludedGroups= -Dtest.forks=1 -DtempDir=surefire-computes "$@" >"$computed" 2>&1 &
  computing=$!
}

# The tests on kind run where Docker and kind are.
in_lab=() image_sh=(scripts/image.sh)
if [[ -n $lab_up ]]; then
  wait "$lab_up"
  in_lab=("$lab" run)
  image_sh+=(--host-apt)
  export CONNTRAIL_NODE_IMAGE=${CONNTRAIL_NODE_IMAGE:-kindest/node:lab}
fi
if "${in_lab[@]}" docker version >/dev/null 2>&1 && "${in_lab[@]}" kind version >/dev/null 2>&1; then
  # The image is made outside the lab, which has no way out for Maven and for packages; Docker's socket is a file.
  # One class at a time, for each has a cluster of its own. The second image is made from the same conntrail-base: that one is of the day's packages, and promises nothing.
  docker_host=$("${in_lab[@]}" printenv DOCKER_HOST || true)
  image=$(env ${docker_host:+DOCKER_HOST="$docker_host"} "${image_sh[@]}")
  second=$(env ${docker_host:+DOCKER_HOST="$docker_host"} "${image_sh[@]}")
  [[ $image == "$second" ]] || { say "the image differs from build to build: $image, $second"; code=1; }
  compute_beside "$@"
  "${in_lab[@]}" mvn --batch-mode --no-transfer-progress --offline --projects workloads surefire:test "${again[@]}" -Dgroups=kind -DexcludedGroups= \
    -Dtest.forks=1 || code=$?
else
  compute_beside "$@"
  say "NOT RUN: the tests on kind, for there is no Docker with kind here"
fi
wait "$computing" || code=$?
computing=
cat "$computed"
# What is kept in git says what its raw files give.
python3 scripts/verify-results.py results/reference/*/ || code=1
python3 scripts/test-summary.py "$EUID" || code=1
exit "$code"
