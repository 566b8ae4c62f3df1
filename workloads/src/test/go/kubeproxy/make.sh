#!/usr/bin/env bash
# Makes the goldens of golden/random anew (or of another folder with objects): what the proxiers of kube-proxy's two versions
# write for each file that has an *.after.yaml. It lays a test file into each of kube-proxy's packages, of which it takes a
# copy, for what that calls is private there; nothing of kube-proxy is changed.
set -euo pipefail
cd "$(dirname "$0")"
folder=$(realpath "${1:-../../resources/golden/random}")
copies=$(mktemp -d)
trap 'rm -rf "$copies"' EXIT
cp go.mod "$copies/1.37.mod"
cp go.sum "$copies/1.37.sum"
cp 1.34.mod 1.34.sum "$copies"
for version in 1.34 1.37; do
  mod=$copies/$version.mod
  copy=$copies/$version
  cp -r "$(go mod download -modfile="$mod" -json k8s.io/kubernetes | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')" "$copy"
  chmod -R u+w "$copy"
  go mod edit -replace "k8s.io/kubernetes=$copy" "$mod"
  packages=()
  for mode in iptables nftables ipvs; do
    packages+=("k8s.io/kubernetes/pkg/proxy/$mode")
    cp "$mode/conntrail_test.go" "$copy/pkg/proxy/$mode/"
  done
  rm -rf "${folder:?}/$version"
  mkdir "$folder/$version"
  OBJECTS=$folder GOLDEN=$folder/$version go test -modfile="$mod" -trimpath -vet=off -count=1 -run '^TestConntrail' "${packages[@]}"
done
# what both write alike stands there once
for made in "$folder"/1.37/*; do
  if cmp -s "$made" "$folder/1.34/$(basename "$made")"; then
    mv "$made" "$folder"
    rm "$folder/1.34/$(basename "$made")"
  fi
done
