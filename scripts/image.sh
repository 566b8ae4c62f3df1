#!/usr/bin/env bash
# Makes the container image with the runnable jar, on eclipse-temurin:25-jre; the same input gives the same digest.
#
#   scripts/image.sh [--tag NAME:TAG]             into Docker (default: conntrail:latest)
#   scripts/image.sh --push REGISTRY/NAME:TAG     to a registry, with Docker's own credentials for it
set -o errexit -o nounset -o pipefail

usage() { sed -n '2,5s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; }

goal=jib:dockerBuild image=conntrail:latest
while (($#)); do
  case $1 in
    --tag | --push)
      (($# >= 2)) || { usage >&2; exit 2; }
      [[ $1 != --push ]] || goal=jib:build
      image=$2
      shift 2 ;;
    -h | --help) usage; exit 0 ;;
    *) printf 'image.sh: found %q; allowed: --tag, --push, --help\n' "$1" >&2; exit 2 ;;
  esac
done

# shellcheck source=scripts/setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
need mvn:maven
command -v docker >/dev/null || { say "the image needs docker; mend: install Docker Engine"; exit 3; }
docker version >/dev/null 2>&1 || { say "Docker does not answer; mend: start it (systemctl start docker) or set DOCKER_HOST"; exit 3; }
build
base=eclipse-temurin:25-jre
docker image inspect "$base" >/dev/null 2>&1 || docker pull --quiet "$base" >/dev/null ||
  { say "Docker has no image $base and cannot pull it; mend: docker pull $base"; exit 3; }
(cd "$here" && mvn --quiet --batch-mode --projects workloads "$goal" -Dimage="$image") >&2
[[ $goal == jib:build ]] || docker image inspect --format "$image {{.Id}}" "$image"
