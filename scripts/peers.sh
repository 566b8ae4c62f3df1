#!/usr/bin/env bash
# Conntrail's event loop beside other load generators: `scripts/peers.sh [--rounds N] [--seconds S] [--csv FILE]`;
# with `--servers` its echo beside nginx; with `--lag` how late it sends what is due; with `--profile` where its CPU goes (root, Debian's linux-perf).
# One server and one client at a time, each pinned to a CPU of its own, in turns; prints ratios of requests for each CPU-second of the client.
set -o errexit -o nounset -o pipefail

# shellcheck source=scripts/setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
need mvn:maven taskset:util-linux python3:python3 wrk:wrk h2load:nghttp2-client
[[ " $* " != *" --servers "* ]] || get_nginx
build
script=peers.py
[[ " $* " != *" --lag "* ]] || script=lag.py
if [[ " $* " == *" --profile "* ]]; then
  need perf:linux-perf
  script=profiled.py
fi
exec python3 "$here/scripts/$script" --java "$JAVA_HOME/bin/java" --jar "$here/workloads/target/workloads.jar" "--java-options=${load_options[*]}" "$@"
