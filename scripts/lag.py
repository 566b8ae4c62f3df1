#!/usr/bin/env python3
"""How late Conntrail's event loop sends what is due: each protocol's capacity is found in a closed loop, then requests are due at a share of it.

Send lag is the actual send minus the instant at which a request was due, waiting behind the caller's last request included: what wrk2 adds
to its times, for it counts from the instant at which a request was to be sent. Client and server have a CPU each, as in peers.py. Before
each protocol a loop that only reads the clock says what of this the machine itself makes: how late one in a hundred instants, taken
anywhere, is seen on either CPU, for neither is always there."""
import argparse
import os
import re
import subprocess
import sys
import tempfile

import driven


SPIN = """
import time
clock, gaps, seconds = time.perf_counter_ns, [], %d
begin = last = clock()
while last - begin < seconds * 1e9:
    now = clock()
    if now - last > 20000:
        gaps.append(now - last)
    last = now
gaps.sort(reverse=True)
late, longer, left = 0, 0, 0.01 * seconds * 1e9
for i, gap in enumerate(gaps + [0]):
    if longer - i * gap > left:
        late = (longer - left) / i
        break
    longer += gap
print(late)
"""


def machine(args):
    """The 99th percentile of how late an instant is seen, in microseconds: of the worse CPU."""
    cpus = {args.client_cpu, args.server_cpu}
    spins = [subprocess.Popen(["taskset", "-c", str(c), sys.executable, "-c", SPIN % 5], stdout=subprocess.PIPE, text=True) for c in cpus]
    return max(float(s.communicate()[0]) for s in spins) / 1000


def lags(text):
    found = re.search(r"send lag: (.*)", text)
    if not found:
        raise SystemExit("lag: no send lag in:\n" + text)
    return {name: float(ms) for name, ms in re.findall(r"(\w+) ([\d.]+) ms", found.group(1))}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--java", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--jar", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--lag", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--warmup", type=int, default=20, help="seconds: Java compiles meanwhile")
    parser.add_argument("--share", type=float, default=0.5, help="of what a closed loop gets done")
    parser.add_argument("--client-cpu", type=int, default=0)
    parser.add_argument("--server-cpu", type=int, default=1)
    parser.add_argument("--protocol", action="append", choices=driven.PROTOCOLS, help="one or more; else all")
    parser.add_argument("--java-options", type=str.split, default=["-XX:+UseSerialGC"], help="of the client")
    args = parser.parse_args()
    print("| protocol | closed loop, requests a second | due | send lag p50, \u00b5s | p99 | longest | the machine's own p99 | garbage |")
    print("|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as scratch:
        server = driven.echo(args)
        try:
            driven.listening(server)
            for protocol in args.protocol or driven.PROTOCOLS:
                for _ in range(args.rounds):
                    measured(args, protocol, scratch)
        finally:
            server.kill()
            server.wait()
    print("\n" + driven.machine())


def measured(args, protocol, scratch):
    out = os.path.join(scratch, "out")
    own = machine(args)
    capacity = driven.number(r"answered: [\d,]+, ([\d,]+) a second", driven.load(args, protocol, out, seconds=5))
    rate = round(capacity * args.share)
    text = driven.load(args, protocol, out, rate=rate)
    lag = lags(text)
    garbage = re.search(r"the client collected (.*)", text)
    micros = " | ".join(f"{1000 * lag[name]:,.0f}" for name in ("p50", "p99", "max"))
    print(f"| {protocol} | {capacity:,} | {rate:,} | {micros} | {own:,.0f} | {garbage.group(1) if garbage else ''} |")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
