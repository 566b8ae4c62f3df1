#!/usr/bin/env bash
# What compare and ab find, and what they find that is not there: `scripts/check-comparing.sh [ROUNDS] [RESULTS]` (root; 20 rounds take
# about two hours, one takes six minutes). Identical runs are compared pair by pair, a thing is measured against itself, and differences are
# planted: 5 ms more by echo and a wrong probability in the rules (in one run: the one is found in times, the other in counts), 2,500 rules
# before the Service's. Ends with 1 if more was found than 1 of 20 rounds allows, or less than 18 of 20 (of 2,500 rules) or all (of the
# others). What an earlier call with the same RESULTS did counts.
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
# A line for each round, also of an earlier call that was ended: 1 for what was found.
done_rounds=$results/rounds.csv
[[ -e $done_rounds ]] || printf 'identical_differ,ab_of_itself_differs,ab_of_itself_void,delay,probability,rules\n' >"$done_rounds"
# is PATTERN : 1 if a line of what was found last is like that, else 0.
is() { if grep -qE "$1" <<<"$found"; then printf 1; else printf 0; fi; }

before=$(made)
while (($(wc -l <"$done_rounds") <= rounds)); do
  next=$(made)
  found=$(verdicts "$before" "$next")
  flags=$(is ' (slower|faster)$')
  faulty=$(made --echo-delay 5ms --edit-rules 'probability 0\.\d+=>probability 0.1000000000')
  found=$(verdicts "$next" "$faulty")
  planted=$(is '^response-p50 slower$'),$(is '^pod-shares differs$')
  found=$(ab 2m)
  printf 'ab of itself: %s\n' "${found//$'\n'/, }" >>"$results/log"
  flags+=,$(is ' (slower|faster)$'),$(is '^void$'),$planted
  # ends as soon as it is decided; the budget is for machines that are busy
  found=$(ab 8m --edit-rules "(?s)\\A(.*?)(-A KUBE-SERVICES )=>\$1$dummies
\$2")
  flags+=,$(is '^connect-p50 slower$')
  rm -rf "$faulty"
  before=$next
  printf '%s\n' "$flags" | tee -a "$done_rounds"
done
awk -F, -v rounds="$rounds" 'NR > 1 && NR <= rounds + 1 { for (i = 1; i <= 6; i++) n[i] += $i }
  END {
    printf "of %d rounds: identical runs that differ %d, ab of itself that differs %d (void %d); found: 5 ms %d, probability %d, 2,500 rules %d\n",
      rounds, n[1], n[2], n[3], n[4], n[5], n[6]
    allowed = int((rounds + 19) / 20)
    exit !(n[1] <= allowed && n[2] <= allowed && n[3] <= allowed && n[4] == rounds && n[5] == rounds && n[6] * 20 >= rounds * 18)
  }' "$done_rounds"
