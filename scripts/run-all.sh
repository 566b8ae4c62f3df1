#!/usr/bin/env bash
# One command from nothing to a report: sets up, builds, runs the experiment of a profile, the JMH benchmarks and, on testbeds
# of this machine, what the kernel itself takes (calibrate), reports. quick: half a minute.
# default: about ten minutes, with ipvs in a User-mode Linux guest where this kernel has none; with --testbed kind the experiment
# default-on-kind, twelve. full: hours.
# compare: few cells with many repetitions, four minutes: a run that the next one can be compared with.
#
#   scripts/run-all.sh [--profile quick|default|full|compare] [--experiment NAME|FILE] [--results DIR]
#                      [--testbed auto|netns|uml|loopback|kind|cluster] [-- OPTION...]  # options of `run`, such as --node-image
#
# The last line names report.html. Ctrl-C and SIGTERM drain, and the last line names what is kept; a second one ends at once.
# Exit codes: 0 ok, 2 usage or spec, 3 prerequisite, 4 cells failed or run not whole, 5 a verdict that --fail-on names
# (among the options of `run`), 130 Ctrl-C, 143 SIGTERM.
set -o errexit -o nounset -o pipefail

usage() { sed -n '2,13s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; }

profile=default experiment="" results="" testbed="" options=()
while (($#)); do
  case $1 in
    --profile | --experiment | --results | --testbed)
      (($# >= 2)) || { usage >&2; exit 2; }
      printf -v "${1#--}" '%s' "$2"
      shift 2 ;;
    -h | --help) usage; exit 0 ;;
    --) shift; options=("$@"); break ;;
    *) printf 'run-all.sh: found %q; allowed: --profile, --experiment, --results, --testbed, --help, --\n' "$1" >&2; exit 2 ;;
  esac
done
small="" # no calibration, and no guest
case $profile in
  quick) benchmarks=glance small=1 ;;
  default) benchmarks=quick ;;
  full) benchmarks=full ;;
  compare) benchmarks=glance small=1 ;;
  *) printf 'run-all.sh: --profile: found %q; allowed: quick, default, full, compare\n' "$profile" >&2; exit 2 ;;
esac

# clusters take their own time to be made, and models of lookups are the same beside them
[[ $profile != default || $testbed != kind ]] || { benchmarks=glance; experiment=${experiment:-default-on-kind}; }

# shellcheck source=scripts/setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
need mvn:maven git:git
uml=(linux.uml:user-mode-linux ipvsadm:ipvsadm ipset:ipset taskset:util-linux modprobe:kmod)
netns=(ip:iproute2 iptables:iptables nft:nftables conntrack:conntrack nfacct:nfacct nsenter:util-linux)
case $testbed in
  uml) need ip:iproute2 iptables:iptables conntrack:conntrack "${uml[@]}" ;;
  netns) need "${netns[@]}" ;;
  "" | auto)
    # without root there is the guest alone
    ((EUID != 0)) || need "${netns[@]}"
    [[ -n $small && -z $experiment ]] || need ip:iproute2 iptables:iptables conntrack:conntrack "${uml[@]}" ;;
esac
# cells behind a proxy run in namespaces of this kernel, as root; neither quick nor compare has any
if [[ $testbed == netns || -z $testbed || $testbed == auto ]] && ((EUID == 0)) && [[ -z $small || -n $experiment ]]; then
  (proxies) || say "going on: the report names the cells that lack HAProxy, Envoy or dnsmasq, and leaves them out"
fi
build
[[ -z $testbed ]] || options+=(--testbed "$testbed")
[[ $testbed != kind || -n ${CONNTRAIL_IMAGE:-} ]] || "$here/scripts/image.sh" >&2
[[ -n $results ]] || { cd "$here"; results=results; }
workloads=("$JAVA_HOME/bin/java" -jar "$here/workloads/target/workloads.jar")

folder_file=$(mktemp)
trap 'rm -f "$folder_file"' EXIT

# step COMMAND... : runs it in a process group of its own, so that each signal reaches it once, passed on by this script,
# whether a terminal sent it or `kill`; waits until it has ended. After a signal nothing more is begun.
child="" stopped=0
# shellcheck disable=SC2317 # the traps call it
pass_on() {
  stopped=$((128 + $2))
  [[ -z $child ]] || kill "-$1" -- "-$child" 2>/dev/null || true
}
trap 'pass_on HUP 1' HUP
trap 'pass_on INT 2' INT
trap 'pass_on TERM 15' TERM
step() {
  local code
  ((stopped == 0)) || return "$stopped"
  set -o monitor
  "$@" &
  child=$!
  set +o monitor
  ((stopped == 0)) || pass_on "$((stopped - 128))" "$((stopped - 128))" # it came just before
  while :; do
    code=0
    wait "$child" || code=$?
    # a signal ends the waiting, not the command
    if ((code <= 128)) || ! kill -0 "$child" 2>/dev/null; then break; fi
  done
  child=""
  return "$code"
}

code=0
# the report at the end says the answer
step "${workloads[@]}" run "${experiment:-$profile}" --results "$results" ${options[@]+"${options[@]}"} --no-report --folder-file "$folder_file" >/dev/null || code=$?
folder=$(<"$folder_file")
[[ -n $folder || $stopped != 0 ]] || exit "$code"
if ((code == 0)); then
  say "JMH"
  mkdir -p "$folder/jmh"
  if step "$here/scripts/jmh.sh" --profile "$benchmarks" "$folder/jmh/lookups.json" >"$folder/jmh/jmh.log"; then
    rm "$folder/jmh/jmh.log"
  elif ((stopped)); then
    rm -r "$folder/jmh"
  else
    say "JMH failed: see $folder/jmh/jmh.log"
    code=4
  fi
  if [[ -z $small ]]; then
    step "${workloads[@]}" calibrate --for-run --profile "$profile" --no-report "$folder" || code=$?
  fi
fi
if ((stopped)); then
  [[ ! -t 2 ]] || printf "\r" >&2 # over the ^C that the terminal writes
  if [[ -n $folder ]]; then
    say "stopped; what was measured is kept: scripts/conntrail.sh report $folder"
  else
    say "stopped; there is no finished result folder"
  fi
  exit "$stopped"
fi
step "${workloads[@]}" report "$folder" || code=$?
((stopped == 0)) || code=$stopped
exit "$code"
