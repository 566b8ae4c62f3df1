#!/usr/bin/env python3
"""Runs load generators against one echo, in turns, and compares what each gets done with a second of its CPU.

Of Conntrail the measure phase counts, when Java is warm and all is recorded that it records: due times, histograms, the ledger, the pods'
names. Of the others the whole process counts. A pair is two neighbours of one round; the order is turned round in every other round. The
table has the median of the pairs' ratios, between the least and the greatest."""
import argparse
import csv
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

from driven import CONNECTIONS, GRPC, HTTP, PROTOCOLS, cpu_of, echo, listening, load, machine, number

METHOD = "conntrail.v1.Echo/Unary"
SBIN = os.environ.get("PATH", "") + ":/usr/sbin"


class Peer:
    """A program: what it is called with for a protocol, and how its answer is read."""

    def __init__(self, name, protocols, command, requests):
        self.name, self.protocols, self.command, self.requests = name, protocols, command, requests


def peers(scratch, seconds):
    url, call = f"http://127.0.0.1:{HTTP}/echo", f"http://127.0.0.1:{GRPC}/{METHOD}"
    message = os.path.join(scratch, "message")
    with open(message, "wb") as out:
        out.write(bytes(5))
    script = os.path.join(scratch, "websocket.js")
    with open(script, "w") as out:
        out.write(K6_WEBSOCKET % HTTP)
    proto = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../workloads/src/main/proto/echo.proto")
    c, s = str(CONNECTIONS), str(seconds)
    h2load = ["h2load", "-t", "1", "-c", c, "-m", "1", "-D", s]
    answered = r"requests: \d+ total, \d+ started, \d+ done, (\d+) succeeded"
    return [
        Peer("wrk", ["http1"], lambda _: ["wrk", "-t", "1", "-c", c, "-d", s + "s", url], r"(\d+) requests in"),
        Peer(
            "h2load",
            ["http1", "http2", "grpc"],
            lambda p: h2load
            + {
                "http1": ["--h1", url],
                "http2": [url],
                "grpc": ["-d", message, "-H", "content-type: application/grpc", "-H", "te: trailers", call],
            }[p],
            answered,
        ),
        Peer("fortio", ["http1"], lambda _: ["fortio", "load", "-qps", "0", "-c", c, "-t", s + "s", url], r"Code 200 : (\d+)"),
        Peer("hey", ["http1"], lambda _: ["hey", "-c", c, "-z", s + "s", url], r"\[200\]\s+(\d+) responses"),
        Peer("oha", ["http1"], lambda _: ["oha", "--no-tui", "-c", c, "-z", s + "s", url], r"\[200\]\s+(\d+) responses"),
        Peer(
            "ghz",
            ["grpc"],
            lambda _: ["ghz", "--insecure", "--proto", proto, "--call", METHOD, "-c", c, "--connections", c, "-z", s + "s", f"127.0.0.1:{GRPC}"],
            r"\[OK\]\s+(\d+) responses",
        ),
        Peer("k6", ["websocket"], lambda _: ["k6", "run", "-q", "--vus", c, "--duration", s + "s", script], r"ws_msgs_received[^\d]*(\d+)"),
    ]


# Each virtual user keeps a connection and sends when it has its answer.
K6_WEBSOCKET = """
import ws from 'k6/ws';
export default function () {
  ws.connect('ws://127.0.0.1:%d/ws', {}, function (socket) {
    socket.on('open', () => socket.send('echo'));
    socket.on('message', () => socket.send('echo'));
    socket.setTimeout(() => socket.close(), 600000);
  });
}
"""


NGINX = """
daemon off;
worker_processes 1;
pid %(scratch)s/nginx.pid;
error_log stderr crit;
events { worker_connections 1024; }
http {
  access_log off;
  keepalive_requests 1000000000;
  client_body_temp_path %(scratch)s/body;
  proxy_temp_path %(scratch)s/proxy;
  fastcgi_temp_path %(scratch)s/fastcgi;
  uwsgi_temp_path %(scratch)s/uwsgi;
  scgi_temp_path %(scratch)s/scgi;
  server { listen 127.0.0.1:%(http1)d; return 200 "%(reply)s"; }
  server { listen 127.0.0.1:%(http2)d http2; return 200 "%(reply)s"; }
}
"""


def conntrail(args, protocol, scratch, client):
    out = os.path.join(scratch, "out")
    text = load(args, protocol, out, client)
    try:
        with open(os.path.join(out, "totals.json")) as found:
            totals = json.load(found)
    except OSError:
        raise SystemExit("peers: conntrail has no result:\n" + text)
    if totals["errors"]:
        raise SystemExit("peers: conntrail had errors:\n" + text)
    return totals["answered"], totals["cpu"]["processNs"] / 1e9


def measure(args, name, protocol, scratch, by_name):
    if name.startswith("conntrail"):
        return conntrail(args, protocol, scratch, "library" if name.endswith("library") else "loop")
    text, cpu = cpu_of(["taskset", "-c", str(args.client_cpu), *by_name[name].command(protocol)])
    return number(by_name[name].requests, text), cpu


def nginx(args, scratch):
    conf = os.path.join(scratch, "nginx.conf")
    with open(conf, "w") as out:
        out.write(NGINX % dict(scratch=scratch, http1=HTTP, http2=GRPC, reply="echo " * 8))
    return subprocess.Popen(["taskset", "-c", str(args.server_cpu), shutil.which("nginx", path=SBIN), "-c", conf], stderr=subprocess.DEVNULL)


def cpu_used(server):
    """Seconds of the CPU that a server has had, its children with it."""
    ticks = 0
    for found in os.listdir("/proc"):
        try:
            with open(f"/proc/{found}/stat") as stat:
                fields = stat.read().rpartition(")")[2].split()
        except OSError:
            continue  # no process, or one that has gone
        if found.isdigit() and (int(found) == server.pid or int(fields[1]) == server.pid):
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def serve(args, name, protocol, scratch, by_name):
    """Requests that a server answers, and its CPU: the same client, and Java has answered for a while before."""
    server = echo(args) if name == "conntrail" else nginx(args, scratch)
    try:
        listening(server)
        name_of_client = "wrk" if protocol == "http1" else "h2load"

        def command(of):
            whole = ["taskset", "-c", str(args.client_cpu), *of[name_of_client].command(protocol)]
            return [p.replace(f":{HTTP}/", f":{GRPC}/") for p in whole] if protocol == "http2" and name == "nginx" else whole

        cpu_of(command({p.name: p for p in peers(scratch, args.warmup)}))
        before = cpu_used(server)
        text, _ = cpu_of(command(by_name))
        return number(by_name[name_of_client].requests, text), cpu_used(server) - before
    finally:
        server.terminate()
        server.wait()


def table(rows, rounds):
    print(f"\n| protocol | peer | requests a CPU-second: Conntrail | peer | ratio (of {rounds} pairs: least, greatest) |")
    print("|---|---|---|---|---|")
    for protocol in PROTOCOLS:
        names = sorted({r["peer"] for r in rows if r["protocol"] == protocol} - {"conntrail"})
        ours = {r["round"]: r["per_cpu_s"] for r in rows if r["protocol"] == protocol and r["peer"] == "conntrail"}
        for name in names:
            theirs = {r["round"]: r["per_cpu_s"] for r in rows if r["protocol"] == protocol and r["peer"] == name}
            ratios = sorted(ours[i] / theirs[i] for i in theirs)
            print(
                f"| {protocol} | {name} | {statistics.median(ours.values()):,.0f} | {statistics.median(theirs.values()):,.0f} "
                f"| {statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f}) |"
            )


def clients(args, scratch, by_name):
    """Each client in turn, of one echo."""
    server = echo(args)
    try:
        listening(server)
        return in_turns(
            args,
            lambda protocol: ["conntrail"]
            + [n for n, p in by_name.items() if protocol in p.protocols]
            + (["conntrail library"] if args.library else []),
            lambda name, protocol: measure(args, name, protocol, scratch, by_name),
        )
    finally:
        server.kill()
        server.wait()


def servers(args, scratch, by_name):
    """Each server in turn, under the same client."""
    names = ["conntrail"] + (["nginx"] if shutil.which("nginx", path=SBIN) else [])
    with_client = {p for p, client in (("http1", "wrk"), ("http2", "h2load")) if client in by_name}
    return in_turns(
        args,
        lambda protocol: names if protocol in with_client else [],
        lambda name, protocol: serve(args, name, protocol, scratch, by_name),
    )


def in_turns(args, names_of, measured):
    rows = []
    for i in range(args.rounds):
        for protocol in args.protocol or PROTOCOLS:
            names = names_of(protocol)
            for name in names if i % 2 == 0 else reversed(names):
                requests, cpu = measured(name, protocol)
                rows.append(dict(round=i + 1, protocol=protocol, peer=name, requests=requests, cpu_s=round(cpu, 3), per_cpu_s=round(requests / cpu)))
                print(f"round {i + 1}: {protocol} by {name}: {requests / cpu:,.0f} a CPU-second", file=sys.stderr)
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--java", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--jar", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=5, help="each client measures so long")
    parser.add_argument("--warmup", type=int, default=10, help="seconds, of Conntrail: Java compiles meanwhile")
    parser.add_argument("--client-cpu", type=int, default=0)
    parser.add_argument("--server-cpu", type=int, default=1)
    parser.add_argument("--protocol", action="append", choices=PROTOCOLS, help="one or more; else all")
    parser.add_argument("--library", action="store_true", help="the libraries too, as one more peer")
    parser.add_argument("--java-options", type=str.split, default=["-XX:+UseSerialGC"], help="of Conntrail's client")
    parser.add_argument("--servers", action="store_true", help="the echo beside nginx, by the CPU that each takes, instead of clients")
    parser.add_argument("--csv", help="file to write every measurement to")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        known = peers(scratch, args.seconds)
        by_name = {p.name: p for p in known if shutil.which(p.name)}
        missing = [p.name for p in known if p.name not in by_name]
        missing += ["nginx"] if args.servers and not shutil.which("nginx", path=SBIN) else []
        rows = (servers if args.servers else clients)(args, scratch, by_name)
    if args.csv:
        with open(args.csv, "w", newline="") as out:
            writer = csv.DictWriter(out, fieldnames=list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    table(rows, args.rounds)
    print(f"\nnot here: {', '.join(missing) or 'none'}")
    print(machine())


if __name__ == "__main__":
    main()
