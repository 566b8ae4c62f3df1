#!/usr/bin/env bash
# Compares two result folders and writes the page of it, with all set-up: `scripts/compare.sh OLD NEW [OPTION...]`, options of
# `conntrail compare`. Without --to the page goes to comparisons/ beside NEW. Exit codes are those of compare: 5 for slower.
set -o errexit -o nounset -o pipefail

usage() { sed -n '2,3s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; }
case ${1:-} in -h | --help) usage; exit 0 ;; esac
if (($# < 2)) || [[ $1 == -* || $2 == -* ]]; then
  usage >&2
  exit 2
fi
old=$1 new=$2 to=()
shift 2
[[ " $* " == *" --to"* ]] || to=(--to "$(dirname "$(realpath -m "$new")")/comparisons/$(basename "$(realpath -m "$old")")..$(basename "$(realpath -m "$new")")")

# shellcheck source=scripts/setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
need mvn:maven
build
exec "$JAVA_HOME/bin/java" -jar "$here/workloads/target/workloads.jar" compare "$old" "$new" ${to[@]+"${to[@]}"} "$@"
