#!/usr/bin/env bash
# Conntrail's event loop beside other load generators: `scripts/peers.sh [--rounds N] [--seconds S] [--csv FILE]`;
# with `--servers` its echo beside nginx.
# One server and one client at a time, each pinned to a CPU of its own, in turns; prints ratios of requests for each CPU-second of the client.
set -o errexit -o nounset -o pipefail

# shellcheck source=scripts/setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
need mvn:maven taskset:util-linux python3:python3
[[ " $* " != *" --servers "* ]] || get_nginx
build
exec python3 "$here/scripts/peers.py" --java "$JAVA_HOME/bin/java" --jar "$here/workloads/target/workloads.jar" "$@"
