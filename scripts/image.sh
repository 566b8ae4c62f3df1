#!/usr/bin/env bash
# Makes the container image: the runnable jar, and the programs that a run needs, on eclipse-temurin:25-jre. HAProxy and Envoy are
# among them, for pods that stand between clients and pods; without this machine's Envoy (`scripts/setup.sh --proxies`) it has none.
#
#   scripts/image.sh [--tag NAME:TAG]             into Docker (default: conntrail:latest)
#   scripts/image.sh --push REGISTRY/NAME:TAG     to a registry, with Docker's own credentials for it
#   scripts/image.sh --host-apt                   the programs by this machine's apt, where containers have no way out;
#                                                 Debian or Ubuntu, the same release as Java's image
#
# Java and the programs are made once, of that day's packages, into an image conntrail-base:ID; ID is a hash of what defines it.
# On it the jar serves for some seconds, so that pods start in two thirds of the time: what classes it had is an AOT cache beside it.
# The same jar on the same conntrail-base gives the same digest, while target/image stays. After `docker image rm conntrail-base:ID`
# it is made anew.
set -o errexit -o nounset -o pipefail

usage() { sed -n '2,13s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; }

goal=jib:dockerBuild image=conntrail:latest host_apt=""
while (($#)); do
  case $1 in
    --tag | --push)
      (($# >= 2)) || { usage >&2; exit 2; }
      [[ $1 != --push ]] || goal=jib:build
      image=$2
      shift 2 ;;
    --host-apt) host_apt=1; shift ;;
    -h | --help) usage; exit 0 ;;
    *) printf 'image.sh: found %q; allowed: --tag, --push, --host-apt, --help\n' "$1" >&2; exit 2 ;;
  esac
done

# shellcheck source=scripts/setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
java=eclipse-temurin:25-jre
packages=(iproute2 iptables nftables conntrack nfacct ipset ipvsadm util-linux kmod haproxy)
dockerfile=$here/scripts/image.Dockerfile

in_java() { docker run --rm --network none --entrypoint cat "$java" "$1"; }

# fetch DIR: the .deb files that this machine's apt would install in Java's image.
fetch() {
  local dir=$1 release
  release=$(in_java /etc/os-release | grep ^VERSION_CODENAME=)
  grep -qx "$release" /etc/os-release ||
    { say "--host-apt: found $release in $java; allowed: the release of this machine; mend: leave --host-apt out"; exit 3; }
  ((EUID != 0)) || apt-get update -qq
  in_java /var/lib/dpkg/status >"$dir/status"
  mkdir -p "$dir/cache/archives/partial"
  apt-get -qq -y --download-only --no-install-recommends -o APT::Sandbox::User=root -o Debug::NoLocking=1 \
    -o Dir::State::status="$dir/status" -o Dir::Cache="$dir/cache" install "${packages[@]}" >/dev/null ||
    { say "--host-apt: apt could not fetch ${packages[*]}; mend, as root: apt-get update"; exit 3; }
  mv "$dir"/cache/archives/*.deb "$dir/context/packages/"
}

# make_base NAME
make_base() {
  say "making $1: $java with the programs that a run needs"
  scratch=$(mktemp -d)
  trap 'rm -rf "$scratch"' EXIT
  mkdir -p "$scratch/context/packages" "$scratch/context/programs"
  [[ -z $envoy ]] || cp "$envoy" "$scratch/context/programs/envoy"
  local what=${packages[*]}
  [[ -z $host_apt ]] || { fetch "$scratch"; what='/packages/*.deb'; }
  # never from layers of another day
  docker build --no-cache --force-rm --build-arg JAVA="$java" --build-arg PACKAGES="$what" --tag "$1" --file "$dockerfile" \
    "$scratch/context" >"$scratch/log" 2>&1 ||
    { tail -n 5 "$scratch/log" >&2; say "Docker could not make $1; mend: let containers reach the packages' archive, or --host-apt"; exit 3; }
}

# add_cache: target/image with the jar and a cache of the classes that an echo of it loads on the base image.
add_cache() {
  local jar=$here/workloads/target/workloads.jar to=$here/workloads/target/image of container
  of=$({ echo "$base"; cat "$here/scripts/image-cache.sh"; sha256sum <"$jar"; } | sha256sum)
  [[ ! -f $to/workloads.aot || $(cat "$to.of" 2>/dev/null) != "$of" ]] || return 0
  say "making the AOT cache of the jar on $base"
  rm -rf "$to" "$to.of"
  mkdir -p "$to"
  cp "$jar" "$to/workloads.jar"
  touch -d @1 "$to/workloads.jar" # as jib dates it: Java holds a cache to its jar's date
  container=$(docker create --network none --entrypoint sh "$base" -c "$(cat "$here/scripts/image-cache.sh")")
  { docker cp "$to" "$container:/opt/conntrail" && docker start --attach "$container" && docker cp "$container:/opt/conntrail/workloads.aot" "$to/"; } \
    >"$to.log" 2>&1 || { tail -n 5 "$to.log" >&2; docker rm --force "$container" >/dev/null; say "the jar does not serve on $base: see $to.log"; exit 4; }
  docker rm "$container" >/dev/null
  echo "$of" >"$to.of"
}

need mvn:maven
command -v docker >/dev/null || { say "the image needs docker; mend: install Docker Engine"; exit 3; }
docker version >/dev/null 2>&1 || { say "Docker does not answer; mend: start it (systemctl start docker) or set DOCKER_HOST"; exit 3; }
build
docker image inspect "$java" >/dev/null 2>&1 || docker pull --quiet "$java" >/dev/null ||
  { say "Docker has no image $java and cannot pull it; mend: docker pull $java"; exit 3; }
(get_envoy) || true
envoy=$(find_envoy || true)
id=$({ cat "$dockerfile"; echo "${packages[*]}"; [[ -z $envoy ]] || sha256sum <"$envoy"; docker image inspect --format '{{.Id}}' "$java"; } | sha256sum)
base=conntrail-base:${id:0:12}
docker image inspect "$base" >/dev/null 2>&1 || make_base "$base"
add_cache
quiet_mvn --projects workloads "$goal" -Dimage="$image" -Dimage.base="$base"
[[ $goal == jib:build ]] || docker image inspect --format "$image {{.Id}}" "$image"
