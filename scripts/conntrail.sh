#!/usr/bin/env bash
# The command line: `scripts/conntrail.sh --help`. Finds a JDK 25 and builds the jar first where it has to.
set -o errexit -o nounset -o pipefail

# shellcheck source=scripts/setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
need mvn:maven
build
options=()
[[ ${1:-} != load ]] || options=("${load_options[@]}")
exec "$JAVA_HOME/bin/java" ${options[@]+"${options[@]}"} -jar "$here/workloads/target/workloads.jar" "$@"
