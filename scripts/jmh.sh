#!/usr/bin/env bash
# The JMH benchmarks: `scripts/jmh.sh --profile quick` or any of JMH's own options. Finds a JDK 25 and builds the jar first where it has to.
set -o errexit -o nounset -o pipefail

# shellcheck source=scripts/setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
need mvn:maven
build
exec "$JAVA_HOME/bin/java" --sun-misc-unsafe-memory-access=allow -jar "$here/benchmarks/target/benchmarks.jar" "$@"
