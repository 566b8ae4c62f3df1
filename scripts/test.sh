#!/usr/bin/env bash
# Runs every test: formatter, static analysis, unit, golden, property, browser, and, as root, the privileged ones.
# Says what was skipped and why; fails if a privileged test was skipped although root is there.
set -o errexit -o nounset -o pipefail

# shellcheck source=scripts/setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
need mvn:maven git:git ip:iproute2 iptables:iptables nft:nftables conntrack:conntrack nfacct:nfacct nsenter:util-linux \
  chromium:chromium chromedriver:chromium-driver shellcheck:shellcheck python3:python3 ping:iputils-ping

cd "$here"
shellcheck --external-sources scripts/*.sh .ci/run
code=0
mvn --batch-mode --no-transfer-progress verify "$@" || code=$?
python3 scripts/test-summary.py "$EUID" || code=1
exit "$code"
