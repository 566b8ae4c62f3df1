#!/usr/bin/env bash
# Opt-in, for it takes minutes: mode ipvs on a real kind cluster, in a guest whose kernel has ip_vs. As root, where a lab
# that brings the guest lies beside the checkout.
#
#   scripts/test-ipvs.sh [RESULTS_DIR]     # gets the result folder; default: a temporary one
set -o errexit -o nounset -o pipefail

# shellcheck source=scripts/setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
lab=${CONNTRAIL_KIND_LAB:-$here/../shared/kind-lab/kind-lab}
if [[ ! -x $lab || ! -x $lab-ipvs || $EUID != 0 ]]; then
  say "NOT RUN: mode ipvs on kind needs root and a guest with ip_vs, and there is no lab here"
  exit 3
fi
need mvn:maven python3:python3
"$lab" up
docker_host=$("$lab" run printenv DOCKER_HOST)
DOCKER_HOST=$docker_host "$here/scripts/image.sh" --host-apt

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
DOCKER_HOST=$docker_host docker save conntrail:latest -o "$work/image.tar"
cp "$here/workloads/target/workloads.jar" "$work/"
cat >"$work/one-node.yaml" <<'END'
kind: Cluster
apiVersion: kind.x-k8s.io/v1alpha4
nodes: [{role: control-plane}]
END
cat >"$work/ipvs.yaml" <<'END'
experiment: ipvs
question: Where do connections land in ipvs mode, on a real cluster?
testbed: kind
repetitions: 2
phases: {warmup: 1s, measure: 5s, drain: 10s}
matrix:
  - {data-plane: ipvs, protocol: [http1, grpc], connections: 30, pods: 3, rate: 10}
END
cat >"$work/script" <<END
docker load -q -i "$work/image.tar"
export CONNTRAIL_NODE_IMAGE=kindest/node:lab
"$JAVA_HOME/bin/java" -jar "$work/workloads.jar" run "$work/ipvs.yaml" --kind-config "$work/one-node.yaml" --results "\$OUT/results"
END
code=0
"$lab-ipvs" run -t 1800 -m 6144 "$work/script" "$work/out" || code=$?
cat "$work/out/stdout" "$work/out/stderr" >&2
((code == 0)) || { say "the run in the guest ended with $code"; exit 4; }

results=${1:-$work/kept}
mkdir -p "$results"
cp -r "$work"/out/results/*_ipvs_kind_* "$results/"
python3 - "$results"/*_ipvs_kind_* <<'END'
import collections, csv, json, sys
folder = sys.argv[-1]
facts = json.load(open(folder + "/environment.json"))["cluster"]
assert facts["ipvs: kube-proxy mode (ConfigMap)"] == "ipvs", facts
rows = list(csv.DictReader(open(folder + "/distribution.csv")))
spread = collections.defaultdict(list)
for row in rows:
    spread[row["cell"], row["repetition"]].append(int(row["connections_count"]))
for key, counts in spread.items():
    print(key[0].split("_pooling")[0], "repetition", key[1], "connections by pod", counts)
    assert sorted(counts) == [10, 10, 10], "rr takes exact turns on one node"
summaries = list(csv.DictReader(open(folder + "/summary.csv")))
assert len(summaries) == 4 and all(s["cross_check"] == "agree" for s in summaries), summaries
installs = list(csv.DictReader(open(folder + "/installs.csv")))
assert all(i["tool"].endswith("/proc/net/ip_vs") for i in installs), installs
print("mode ipvs, read back from kube-proxy and seen in the node's table:", facts)
END
