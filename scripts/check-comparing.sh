#!/usr/bin/env bash
# What compare and ab find, and what they find that is not there: `scripts/check-comparing.sh [ROUNDS] [RESULTS]` (root; 20 rounds take
# about two hours, one takes six minutes). Identical runs are compared pair by pair, a thing is measured against itself, and differences are
# planted: 5 ms more by echo and a wrong probability in the rules (in one run: the one is found in times, the other in counts), 2,500 rules
# before the Service's. Ends with 1 if more was found than 1 of 20 rounds allows, or less than 18 of 20 (of 2,500 rules) or all (of the
# others).
set -o errexit -o nounset -o pipefail

rounds=${1:-20}
# shellcheck source=scripts/setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
need mvn:maven git:git ip:iproute2 iptables:iptables nft:nftables conntrack:conntrack nfacct:nfacct nsenter:util-linux jq:jq
build
results=${2:-$(mktemp -d)}
conntrail() { "$JAVA_HOME/bin/java" -jar "$here/workloads/target/workloads.jar" "$@"; }

mkdir -p "$results"
cat >"$results/small.yaml" <<'Y'
experiment: small
question: Is anything slower than it was?
testbed: netns
seed: 5
repetitions: 10
phases: {warmup: 300ms, measure: 1s, drain: 1s}
matrix:
  - {data-plane: [iptables, direct], iptables-backend: legacy, protocol: short-lived, connections: 50, pods: 10, rate: 400}
Y

# made OPTION... : a run; prints its folder.
made() {
  conntrail run "$results/small.yaml" --results "$results" --no-report --quiet "$@" 2>>"$results/log" || true
}
# verdicts A B : the verdicts of times and counts of cells behind the Service.
verdicts() { { conntrail compare "$1" "$2" --aa "$results/aa" --format json 2>>"$results/log" || true; } | jq -er '.rows[] | .measure + " " + .verdict'; }
# ab BUDGET OPTION... : the verdicts of an ab.
ab() { { conntrail ab "$results/small.yaml" --results "$results" --json --budget "$@" 2>>"$results/log" || true; } | jq -er 'if .is_void then "void" else (.rows[] | select(.control | not) | .measure + " " + (.verdict // "none")) end'; }

stored=$(conntrail aa --runs 0 --results "$results" | sed -n 's/^\([0-9]*\) identical.*/\1/p')
need_runs=$((8 - ${stored:-0}))
((need_runs <= 0)) || conntrail aa "$results/small.yaml" --runs "$need_runs" --results "$results" 2>>"$results/log"

dummies=$(for ((i = 0; i < 2500; i++)); do printf -- '-A KUBE-SERVICES -d 9.%d.%d.1 -j RETURN\\n' $((i / 250)) $((i % 250)); done | sed 's/\\n/\n/g')
same_compare=0 same_ab=0 void=0 delay=0 wrong=0 rules=0
before=$(made)
for ((round = 1; round <= rounds; round++)); do
  next=$(made)
  found=$(verdicts "$before" "$next")
  if grep -qE ' (slower|faster)$' <<<"$found"; then same_compare=$((same_compare + 1)); fi
  faulty=$(made --echo-delay 5ms --edit-rules 'probability 0\.\d+=>probability 0.1000000000')
  found=$(verdicts "$next" "$faulty")
  if grep -q '^response-p50 slower$' <<<"$found"; then delay=$((delay + 1)); fi
  if grep -q '^pod-shares differs$' <<<"$found"; then wrong=$((wrong + 1)); fi
  found=$(ab 2m)
  printf "ab of itself: %s\n" "${found//$'\n'/, }" >>"$results/log"
  if grep -qE ' (slower|faster)$' <<<"$found"; then same_ab=$((same_ab + 1)); fi
  if grep -q '^void$' <<<"$found"; then void=$((void + 1)); fi
  found=$(ab 3m --edit-rules "(?s)\\A(.*?)(-A KUBE-SERVICES )=>\$1$dummies
\$2")
  if grep -q '^connect-p50 slower$' <<<"$found"; then rules=$((rules + 1)); fi
  rm -rf "$faulty"
  before=$next
  printf 'round %d: identical runs that differ %d, ab of itself that differs %d (void %d); found: 5 ms %d, probability %d, 2,500 rules %d\n' \
    "$round" "$same_compare" "$same_ab" "$void" "$delay" "$wrong" "$rules"
done
allowed=$(((rounds + 19) / 20))
((same_compare <= allowed && same_ab <= allowed && void <= allowed && delay == rounds && wrong == rounds && rules * 20 >= rounds * 18)) || exit 1
