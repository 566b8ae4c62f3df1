#!/usr/bin/env bash
# One command from nothing to a report: sets up, builds, runs the experiment of a profile, the JMH benchmarks and, on testbeds
# of this machine, what the kernel itself takes (calibrate; a guest's for what this one cannot do), reports. quick: half a minute.
# default: about seven minutes, with ipvs in a User-mode Linux guest where this kernel has none. full: hours.
#
#   scripts/run-all.sh [--profile quick|default|full] [--experiment NAME|FILE] [--results DIR]
#                      [--testbed auto|netns|uml|loopback|kind|cluster] [-- OPTION...]  # options of `run`, such as --node-image
#
# The last line names report.html. Exit codes: 0 ok, 2 usage or spec, 3 prerequisite, 4 cells failed or run not whole.
set -o errexit -o nounset -o pipefail

usage() { sed -n '2,9s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; }

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
case $profile in
  quick) jmh=(FirstPacketBenchmark -f 1 -wi 1 -i 2 -w 150ms -r 150ms -p "mode=iptables,nftables,ipvs" -p "services=1,1000,10000" -p target=last) calibrate="" ;;
  default) jmh=(--profile quick) calibrate=default ;;
  full) jmh=(--profile full) calibrate=full ;;
  *) printf 'run-all.sh: --profile: found %q; allowed: quick, default, full\n' "$profile" >&2; exit 2 ;;
esac

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
    [[ $profile == quick && -z $experiment ]] || need ip:iproute2 iptables:iptables conntrack:conntrack "${uml[@]}" ;;
esac
build
[[ -z $testbed ]] || options+=(--testbed "$testbed")
[[ $testbed != kind || -n ${CONNTRAIL_IMAGE:-} ]] || "$here/scripts/image.sh" >&2
[[ -n $results ]] || { cd "$here"; results=results; }
java=$JAVA_HOME/bin/java
workloads=("$java" -jar "$here/workloads/target/workloads.jar")

code=0
folder_file=$(mktemp)
trap 'rm -f "$folder_file"' EXIT
"${workloads[@]}" run "${experiment:-$profile}" --results "$results" ${options[@]+"${options[@]}"} --no-report --folder-file "$folder_file" || code=$?
folder=$(<"$folder_file")
[[ -n $folder && $code != 130 && $code != 143 ]] || exit "$code"
if ((code == 0)); then
  say "JMH"
  mkdir -p "$folder/jmh"
  [[ ${jmh[0]} == --profile ]] && jmh+=("$folder/jmh/lookups.json") || jmh+=(-rf json -rff "$folder/jmh/lookups.json")
  "$java" --sun-misc-unsafe-memory-access=allow -jar "$here/benchmarks/target/benchmarks.jar" "${jmh[@]}" >"$folder/jmh/jmh.log"
  rm "$folder/jmh/jmh.log"
  if [[ -n $calibrate && $testbed =~ ^(auto|netns)?$ ]] && ((EUID == 0)); then
    "${workloads[@]}" calibrate --profile "$calibrate" --no-report "$folder" || code=$?
  fi
  if [[ -n $calibrate && -f $folder/environment-uml.json ]]; then
    # what only a guest can do; the rest would take the minute that the default profile has not
    guest=(--profile quick --data-plane ipvs)
    [[ $profile != full ]] || guest=(--profile default)
    for i in "${!options[@]}"; do
      case ${options[i]} in
        --uml-kernel) guest+=(--uml-kernel "${options[i + 1]}") ;;
        --uml-kernel=*) guest+=("${options[i]}") ;;
      esac
    done
    "${workloads[@]}" calibrate --testbed uml "${guest[@]}" --no-report "$folder" || code=$?
  fi
fi
"${workloads[@]}" report "$folder"
exit "$code"
