#!/usr/bin/env python3
"""How late Conntrail's event loop sends what is due, at a share of its capacity.

Its capacity is the greatest share of what a closed loop gets done that it sends in time when requests are due at a rate: in tenths, from all
of it downwards, the first at which nine in ten requests were sent within a millisecond of the instant at which they were due. (In a closed
loop replies come together, and one wait of the kernel is for several; where requests are due one by one, client and server wait for each.)

Send lag is the actual send minus the instant at which a request was due, waiting behind the caller's last request included: what wrk2 adds
to its times, for it counts from the instant at which a request was to be sent. Client and server have a CPU each, as in peers.py. Before
each protocol a loop that only reads the clock says what of this the machine itself makes: how late one in a hundred instants, taken
anywhere, is seen on either CPU, for neither is always there."""
import argparse
import os
import statistics
import subprocess
import sys
import tempfile

import driven

IN_TIME_NS = 1_000_000

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


def capacity(args, protocol, out):
    """What a closed loop gets done a second, and the rate that an open one keeps up with."""
    closed = load(args, protocol, out, seconds=5)["requests"]["answered_per_s"]
    for tenths in range(10, 0, -1):
        rate = round(closed * tenths / 10)
        lag = load(args, protocol, out, rate=rate, seconds=4, warmup=8)["send_lag"]
        late = lag["p90"]["ns"] if lag else float("inf")  # so far behind that none of these was answered
        print(f"{protocol}: {rate:,} a second due, nine in ten sent within {late / 1000:,.0f} \u00b5s", file=sys.stderr)
        if late < IN_TIME_NS:
            return closed, rate
    raise SystemExit(f"{protocol}: at no tenth of {closed:,.0f} a second nine in ten requests were sent within a millisecond: found a busy machine; wait until nothing else runs")


def measured(args, protocol, scratch, number, able):
    out = os.path.join(scratch, "out")
    own = machine(args)
    closed, open_loop = able
    rate = round(open_loop * args.share)
    answer = load(args, protocol, out, rate=rate)
    unanswered = answer["requests"]["all_unanswered_count"]
    if unanswered:
        raise SystemExit(f"{protocol}: {unanswered:,} requests had no answer when the drain ended: found {rate:,} a second too many; mend: --share, with less")
    lag = {name: round(answer["send_lag"][name]["ns"]) for name in ("p50", "p99", "max")}
    row = dict(round=number, protocol=protocol, closed_per_s=round(closed), open_per_s=open_loop, due_per_s=rate)
    row |= {f"send_lag_{name}_ns": ns for name, ns in lag.items()}
    _, busy = driven.cpu_and_busy(out)
    return row | dict(machine_p99_ns=round(own * 1000), gc_count=answer["client"]["gc_count"], client_busy_pct=round(100 * busy, 1))


def load(args, protocol, out, **how):
    return driven.seen(driven.cpu_of(driven.load_command(args, protocol, out, **how))[0])


def table(rows):
    """Medians over rounds, between the least and the greatest, in microseconds."""
    print("\n| protocol | a second, closed loop | an open one keeps up with | due | send lag p50, \u00b5s | p99 | longest | the machine's own p99 | client busy, % | rounds in which the client collected garbage |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for protocol in driven.PROTOCOLS:
        of = [r for r in rows if r["protocol"] == protocol]
        if of:
            cells = [spread([r[c] / 1000 for r in of]) for c in ("send_lag_p50_ns", "send_lag_p99_ns", "send_lag_max_ns", "machine_p99_ns")]
            cells.append(spread([r["client_busy_pct"] for r in of]))
            rates = " | ".join(f"{of[0][c]:,}" for c in ("closed_per_s", "open_per_s", "due_per_s"))
            print(f"| {protocol} | {rates} | {' | '.join(cells)} | {sum(r['gc_count'] > 0 for r in of)} of {len(of)} |")


def spread(values):
    return f"{statistics.median(values):,.0f} ({min(values):,.0f} to {max(values):,.0f})"


def main():
    options = driven.parser(__doc__, seconds=10, warmup=20)
    options.add_argument("--lag", action="store_true", help=argparse.SUPPRESS)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--share", type=float, default=0.5, help="of what an open loop keeps up with")
    args = options.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as scratch, driven.echoing(args):
        protocols = args.protocol or driven.PROTOCOLS
        able = {p: capacity(args, p, os.path.join(scratch, "out")) for p in protocols}
        for number in range(1, args.rounds + 1):
            for protocol in protocols:
                rows.append(measured(args, protocol, scratch, number, able[protocol]))
                print(", ".join(f"{name} {value}" for name, value in rows[-1].items()), file=sys.stderr)
    driven.write_csv(args.csv, rows)
    table(rows)
    print("\n" + driven.machine())


if __name__ == "__main__":
    main()
