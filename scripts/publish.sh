#!/usr/bin/env bash
# Adds runs to a static site: sets up, builds, and calls `conntrail publish`.
#
#   scripts/publish.sh [RESULTS...] [--to SITE] [-- OPTION...]  # options of `publish`, such as --url
#
# RESULTS are result folders or folders of them (default: results); the site's folder is site.
# Exit codes: 0 ok, 2 usage, or a folder was not published, 3 prerequisite.
set -o errexit -o nounset -o pipefail

usage() { sed -n '2,7s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; }

site="" results=() options=()
while (($#)); do
  case $1 in
    --to)
      (($# >= 2)) || { usage >&2; exit 2; }
      site=$2
      shift 2 ;;
    -h | --help) usage; exit 0 ;;
    --) shift; options=("$@"); break ;;
    -*) printf 'publish.sh: found %q; allowed: --to, --help, --\n' "$1" >&2; exit 2 ;;
    *) results+=("$1"); shift ;;
  esac
done

# shellcheck source=scripts/setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
need mvn:maven git:git
build
if ((!${#results[@]})); then
  results=("$here/results/reference")
  # runs that were made here, if there are any
  [[ -z $(find "$here/results" -mindepth 2 -maxdepth 2 -name manifest.json -print -quit 2>/dev/null) ]] || results+=("$here/results")
fi
exec "$JAVA_HOME/bin/java" -jar "$here/workloads/target/workloads.jar" publish "${results[@]}" --to "${site:-$here/site}" ${options[@]+"${options[@]}"}
