#!/usr/bin/env python3
"""Where the event loop's CPU goes, protocol by protocol, in a closed loop beside the echo: client and server have a CPU each, as in peers.py.

Linux's perf counts the calls of the kernel of a whole load, which are divided by all requests that its ledger has, and takes a sample of
the client's CPU a millisecond in the measure phase: in which call of the kernel it was, or in Java's code, in the C library, in the JVM.
For this the methods by which one part of the loop calls another are compiled each by itself, so that Java's map of its code tells the
parts apart; perf's own counting of calls is in the kernel's share."""
import argparse
import collections
import csv
import os
import re
import subprocess
import sys
import tempfile
import time

import driven

CALLS = {"send": ("sendto",), "receive": ("recvfrom",), "wait": ("epoll_wait", "epoll_pwait2"), "timer": ("timerfd_settime",)}
KERNEL = ("send", "receive", "wait", "other")
# The server's side of loopback runs in the sender's call.
DELIVERED = ("net_rx_action", "__napi_poll", "process_backlog")
# By the compiled method; the first that fits.
PARTS = {
    "ledger": r"load\.loop\.(Answerer|Teller)\b",
    "framing": r"load\.codec\.",
    "recording": r"conntrail\.record\.|load\.(Answers|Tally)\b|HdrHistogram",
    "callers": r"load\.schedule\.|load\.loop\.(LoopCaller|LoopPacing|LoopOpener)\b|load\.(PhaseClock|Timeline)\b",
    "calls": r"EpollNet|conntrail\.posix\.|nep_invoker|invoke|LambdaForm|jdk\.internal\.foreign|lang\.foreign",
    "loop": r"",
}
OUTSIDE = ("C library", "JVM", "clock")
SEAMS = {
    "load.codec.*": ("consume", "request"),
    "load.Answers": ("add",),
    "load.loop.Answerer": ("heard", "counts"),
    "load.loop.LoopCaller": ("answered",),
    "load.loop.LoopConnection": ("answered", "request"),
    "load.loop.EpollNet": ("await",),
    "load.loop.EpollNet$EpollLink": ("send", "receive"),
}


def events():
    return ",".join("syscalls:sys_enter_" + call for calls in CALLS.values() for call in calls)


def options():
    """Of Java, to tell parts apart and to say where their code was."""
    apart = [f"-XX:CompileCommand=dontinline,dev.conntrail.{where}::{method}" for where, methods in SEAMS.items() for method in methods]
    return ["-XX:CompileCommand=quiet", *apart, "-XX:+UnlockDiagnosticVMOptions", "-XX:+DumpPerfMapAtExit"]


def samples(data):
    """How many of perf's samples of the loop's thread were where: in a call of the kernel, or in whose code outside."""
    text = subprocess.run(["perf", "script", "-i", data, "--comms", "loop", "-F", "ip,sym,dso"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True).stdout
    found = collections.Counter()
    for sample in re.split(r"\n\s*\n", text.strip()):
        frames = sample.strip().split("\n")
        innermost = frames[0]
        if "kernel" in innermost or "[guest" in innermost:
            call = next((c for c, names in CALLS.items() if any(re.search(rf"_sys_({'|'.join(names)})\b", f) for f in frames)), "other")
            found[call if call in KERNEL else "other"] += 1
            if call == "send" and any(d in f for f in frames for d in DELIVERED):
                found["delivered"] += 1
        elif "libjvm" in innermost or "libjava" in innermost:
            found["JVM"] += 1
        elif "vdso" in innermost:
            found["clock"] += 1
        elif ".so" in innermost:
            found["C library"] += 1
        else:
            method = innermost.split("(")[0]  # without the types that it takes
            found[next(p for p, of in PARTS.items() if re.search(of, method))] += 1
    return found


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as found:
        return [int(p) for p in found.read().split()]


def java_of(pid):
    """The process that perf began, which is java once taskset has become it."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        for child in children(pid):
            with open(f"/proc/{child}/comm") as comm:
                if comm.read().strip() == "java":
                    return child
        time.sleep(0.05)
    raise SystemExit("profiled: no java began")


def measured(args, protocol, scratch):
    out, data, counts = (os.path.join(scratch, protocol + "." + n) for n in ("out", "perf", "counts"))
    command = driven.load_command(args, protocol, out, java_options=options())
    whole = subprocess.Popen(["perf", "stat", "-x", ",", "-o", counts, "-e", events(), *command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    java = java_of(whole.pid)
    time.sleep(args.warmup + 2)
    record = ["perf", "record", "-q", "-e", "cpu-clock", "-F", "997", "-g", "-p", str(java), "-o", data, "--", "sleep", str(args.seconds - 2)]
    subprocess.run(record, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    answer = driven.seen(whole.communicate()[0])
    with open(os.path.join(out, "connections.csv"), newline="") as found:
        requests = sum(int(r["requests_count"]) for r in csv.DictReader(found))
    with open(counts) as found:
        counted = {f[2].rpartition("_enter_")[2]: int(f[0]) for f in (line.split(",") for line in found) if len(f) > 2 and f[0].isdigit()}
    where = samples(data)
    os.remove(f"/tmp/perf-{java}.map")
    all_of = sum(where.values()) - where["delivered"]
    row = dict(protocol=protocol, answered_per_s=round(answer["requests"]["answered_per_s"]), samples_count=all_of)
    row |= {f"{name}_calls": round(sum(counted.get(c, 0) for c in of) / requests, 3) for name, of in CALLS.items()}
    return row | {column(w): round(100 * where[w] / all_of, 1) for w in (*KERNEL, "delivered", *PARTS, *OUTSIDE)}


def column(where):
    return where.replace(" ", "_").lower() + "_pct"


def table(rows):
    print("\n| protocol | calls a request: send, receive, wait, timer | kernel: all | send | of which the server's side | receive | wait | other |", end="")
    print(" own code: all | " + " | ".join((*PARTS, *OUTSIDE)) + " |")
    print("|---" * (9 + len(PARTS) + len(OUTSIDE)) + "|")
    for r in rows:
        calls = ", ".join(f"{r[c + '_calls']:.2f}" for c in CALLS)
        kernel, own = (sum(r[column(w)] for w in of) for of in (KERNEL, PARTS))
        cells = [kernel, *(r[column(w)] for w in ("send", "delivered", "receive", "wait", "other")), own, *(r[column(w)] for w in (*PARTS, *OUTSIDE))]
        print(f"| {r['protocol']} | {calls} | " + " | ".join(f"{c:.1f}" for c in cells) + " |")


def main():
    options = driven.parser(__doc__, seconds=20, warmup=20)
    options.add_argument("--profile", action="store_true", help=argparse.SUPPRESS)
    args = options.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as scratch, driven.echoing(args):
        for protocol in args.protocol or driven.PROTOCOLS:
            rows.append(measured(args, protocol, scratch))
            print(", ".join(f"{name} {value}" for name, value in rows[-1].items()), file=sys.stderr)
    driven.write_csv(args.csv, rows)
    table(rows)
    print("\nshares in per cent of the client's CPU; " + driven.machine())


if __name__ == "__main__":
    main()
