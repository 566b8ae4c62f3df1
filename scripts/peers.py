#!/usr/bin/env python3
"""Runs load generators against one echo, in turns, and compares what each gets done with a second of its CPU.

Of Conntrail the measure phase counts, when Java is warm and all is recorded that it records: due times, histograms, the ledger, the pods'
names. Of the others the whole process counts. Conntrail is measured anew beside each of them; the order is turned round in every other round. The
table has the median of the pairs' ratios, between the least and the greatest, and how much of its CPU each client used, the median of its
rounds: one that used nearly all was what was measured; one that did not waited for the server, and what it gets done in a second of its
CPU is not what it could. Where there is a C compiler, *bare* is one of the others: a loop that sends and receives over HTTP/1.1 and does
nothing else, which is what the kernel leaves a client with the same calls."""
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

from driven import CONNECTIONS, GRPC, HTTP, PROTOCOLS, cpu_and_busy, cpu_of, echo, echoing, listening, load_command, machine, number, parser, seen, write_csv

METHOD = "conntrail.v1.Echo/Unary"
SBIN = os.environ.get("PATH", "") + ":/usr/sbin"


class Peer:
    """A program: what it is called with for a protocol, and how its answer is read."""

    def __init__(self, name, protocols, command, requests):
        self.name, self.protocols, self.command, self.requests = name, protocols, command, requests


def bare_loop(scratch):
    """That program, if there is a compiler for it."""
    program = os.path.join(scratch, "bare")
    if shutil.which("cc") and not os.path.exists(program):
        subprocess.run(["cc", "-O2", "-o", program, os.path.join(os.path.dirname(os.path.abspath(__file__)), "bare.c")], check=True)
    return program


def peers(scratch, seconds):
    bare = bare_loop(scratch)
    url, call = f"http://127.0.0.1:{HTTP}/echo", f"http://127.0.0.1:{HTTP}/{METHOD}"
    message = os.path.join(scratch, "message")
    with open(message, "wb") as out:
        out.write(bytes(5))
    script = os.path.join(scratch, "websocket.js")
    with open(script, "w") as out:
        out.write(K6_WEBSOCKET % (HTTP, 1000 * seconds))
    proto = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../workloads/src/main/proto/echo.proto")
    c, s = str(CONNECTIONS), str(seconds)
    h2load = ["h2load", "-t", "1", "-c", c, "-m", "1", "-D", s]
    answered = r"requests: \d+ total, \d+ started, \d+ done, (\d+) succeeded"
    return [
        Peer("bare", ["http1"], lambda _: [bare, str(HTTP), c, s], r"requests: (\d+)"),
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
            lambda _: ["ghz", "--insecure", "--proto", proto, "--call", METHOD, "-c", c, "--connections", c, "-z", s + "s", f"127.0.0.1:{HTTP}"],
            r"\[OK\]\s+(\d+) responses",
        ),
        Peer("k6", ["websocket"], lambda _: ["k6", "run", "-q", "--vus", c, "--iterations", c, script], r"ws_msgs_received[^\d]*(\d+)"),
    ]


# Each virtual user keeps one connection for so long, and sends when it has its answer.
K6_WEBSOCKET = """
import ws from 'k6/ws';
export default function () {
  ws.connect('ws://127.0.0.1:%d/ws', {}, function (socket) {
    socket.on('open', () => socket.send('echo'));
    socket.on('message', () => socket.send('echo'));
    socket.setTimeout(() => socket.close(), %d);
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
    answered = seen(cpu_of(load_command(args, protocol, out, client))[0])["requests"]["answered_count"]
    return answered, *cpu_and_busy(out)


def measure(args, name, protocol, scratch, by_name):
    """Requests, CPU seconds, and the share of its CPU that the client used."""
    if name.startswith("conntrail"):
        return conntrail(args, protocol, scratch, "library" if name.endswith("library") else "loop")
    text, cpu, ran = cpu_of(["taskset", "-c", str(args.client_cpu), *by_name[name].command(protocol)])
    return answered(by_name[name], text), cpu, cpu / ran


# In the words of wrk, h2load and k6; hey, fortio and ghz say how many were well.
FAILED = r"Non-2xx|Socket errors|[1-9]\d* (failed|errored)|ws_session.*\b[1-9]\d* failed"


def answered(peer, text):
    """How many requests it says were answered; some count those that failed with them, and say so."""
    if re.search(FAILED, text):
        raise SystemExit(f"{peer.name} had errors:\n{text}")
    return number(peer.requests, text)


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
        text, cpu, ran = cpu_of(command(by_name))
        return answered(by_name[name_of_client], text), cpu_used(server) - before, cpu / ran
    finally:
        server.terminate()
        server.wait()


def table(rows, rounds):
    print(f"\n| protocol | peer | requests a CPU-second: Conntrail | peer | ratio (of {rounds} pairs: least, greatest) | client busy, %: Conntrail | peer |")
    print("|---|---|---|---|---|---|---|")
    for protocol in PROTOCOLS:
        of = [r for r in rows if r["protocol"] == protocol]
        for name in sorted({r["pair"] for r in of}):
            ours = {r["round"]: r for r in of if r["pair"] == name and r["peer"] == "conntrail"}
            theirs = [r for r in of if r["peer"] == name]
            ratios = sorted(ours[r["round"]]["per_cpu_s"] / r["per_cpu_s"] for r in theirs)
            done, busy = ([f"{median(side, c):,.0f}" for side in (ours.values(), theirs)] for c in ("per_cpu_s", "client_busy_pct"))
            ratio = f"{statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})"
            print(f"| {protocol} | {name} | {done[0]} | {done[1]} | {ratio} | {busy[0]} | {busy[1]} |")


def median(rows, column):
    return statistics.median(r[column] for r in rows)


def clients(args, scratch, by_name):
    """Each client in turn, of one echo."""
    with echoing(args):
        return in_turns(
            args,
            lambda protocol: [n for n, p in by_name.items() if protocol in p.protocols] + (["conntrail library"] if args.library else []),
            lambda name, protocol: measure(args, name, protocol, scratch, by_name),
        )


def servers(args, scratch, by_name):
    """Each server in turn, under the same client."""
    others = ["nginx"] if shutil.which("nginx", path=SBIN) else []
    with_client = {p for p, client in (("http1", "wrk"), ("http2", "h2load")) if client in by_name}
    return in_turns(
        args,
        lambda protocol: others if protocol in with_client else [],
        lambda name, protocol: serve(args, name, protocol, scratch, by_name),
    )


def in_turns(args, others_of, measured):
    """Conntrail and another next to it, and so on: pair after pair, in every other round the other way round."""
    rows = []
    pairs = args.rounds * sum(len(others_of(p)) for p in args.protocol or PROTOCOLS)
    # a JVM's start is two seconds; nginx is warmed up as the echo is
    minutes = pairs * (2 * args.seconds + (2 if args.servers else 1) * args.warmup + 2) / 60
    print(f"{pairs} pairs, about {minutes:.1f} minutes", file=sys.stderr)
    for i in range(args.rounds):
        for protocol in args.protocol or PROTOCOLS:
            turns = [(other, name) for other in others_of(protocol) for name in ("conntrail", other)]
            for other, name in turns if i % 2 == 0 else reversed(turns):
                requests, cpu, busy = measured(name, protocol)
                row = dict(round=i + 1, protocol=protocol, pair=other, peer=name, requests_count=requests, cpu_s=round(cpu, 3))
                rows.append(row | dict(per_cpu_s=round(requests / cpu), client_busy_pct=round(100 * busy, 1)))
                print(f"round {i + 1}: {protocol} by {name}: {requests / cpu:,.0f} a CPU-second, client {100 * busy:.0f} % busy", file=sys.stderr)
    return rows


def main():
    options = parser(__doc__, seconds=5, warmup=10)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--library", action="store_true", help="the libraries too, as one more peer")
    options.add_argument("--servers", action="store_true", help="the echo beside nginx, by the CPU that each takes, instead of clients")
    args = options.parse_args()
    if args.rounds < 5:
        print(f"{args.rounds} rounds are few: five or more for figures that are passed on", file=sys.stderr)
    with tempfile.TemporaryDirectory() as scratch:
        known = peers(scratch, args.seconds)
        by_name = {p.name: p for p in known if shutil.which(p.command(p.protocols[0])[0])}
        missing = [p.name for p in known if p.name not in by_name]
        missing += ["nginx"] if args.servers and not shutil.which("nginx", path=SBIN) else []
        rows = (servers if args.servers else clients)(args, scratch, by_name)
    write_csv(args.csv, rows)
    table(rows, args.rounds)
    print(f"\nnot here: {', '.join(missing) or 'none'}")
    print(machine())


if __name__ == "__main__":
    main()
