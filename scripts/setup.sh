#!/usr/bin/env bash
# Sourced by the other scripts: finds a JDK 25 and Maven, and the programs that a run or the tests need.
# As root on Debian or Ubuntu it installs what is missing; elsewhere it says the one line that mends it.
set -o errexit -o nounset -o pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
PATH=$PATH:/usr/sbin:/sbin
say() { printf 'conntrail: %s\n' "$*" >&2; }

# need PROGRAM:PACKAGE ... : makes sure that each program is there.
need() {
  local missing=() pair
  for pair in "$@"; do
    command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}")
  done
  ((${#missing[@]})) || return 0
  local line="apt-get install -y --no-install-recommends ${missing[*]}"
  if ((EUID == 0)) && command -v apt-get >/dev/null; then
    say "installing ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update -qq && $line -qq; } >/dev/null || { say "could not install; mend: $line"; exit 3; }
  else
    say "missing: ${missing[*]}; mend, as root: $line"
    exit 3
  fi
}

java_major() { "$1/bin/java" -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p'; }

find_jdk() {
  local candidate path_java
  path_java=$(command -v java || true)
  for candidate in "${JAVA_HOME:-}" "${path_java:+$(dirname "$(dirname "$(readlink -f "$path_java")")")}" /usr/lib/jvm/*; do
    if [[ -n $candidate && -x $candidate/bin/javac && $(java_major "$candidate") == 25 ]]; then
      export JAVA_HOME=$candidate
      return 0
    fi
  done
  say "found no JDK 25 in JAVA_HOME, on PATH or under /usr/lib/jvm; mend: install one, for instance Temurin 25, and set JAVA_HOME"
  exit 3
}

# build: both jars, unless nothing has changed since they were made.
build() {
  local jars=("$here/benchmarks/target/benchmarks.jar" "$here/workloads/target/workloads.jar")
  if [[ -f ${jars[0]} && -f ${jars[1]} ]] && [[ -z $(find "$here"/pom.xml "$here"/*/pom.xml "$here"/*/src/main \( -newer "${jars[0]}" -o -newer "${jars[1]}" \) -print -quit) ]]; then
    return 0
  fi
  say "building (the first time downloads the libraries)"
  (cd "$here" && mvn --quiet --batch-mode package -Dmaven.test.skip=true) >&2
  touch "${jars[@]}"
}

find_jdk
# Maven's own libraries still use sun.misc.Unsafe: without this, JDK 25 prints warnings over each build.
export MAVEN_OPTS="${MAVEN_OPTS:-} --sun-misc-unsafe-memory-access=allow"
