"""hunts.csv: how pools that take the first free connection spread requests, against ledger, service times and Erlang's formula."""
import math
import re

from . import numeric
from .cures import FAMILY_ERROR, POWER
from .effects import Connection
from .folder import number
from .herds import check_judged

TOLERATED, FIRST, FEWEST = 0.03, 3, 3
PLACES = "first", "second", "third"


def check(folder, checks):
    there = {r["cell_id"]: r for r in folder.table("hunts.csv")}
    if folder.schema < 5 and not there:
        return
    all_ = of_run(folder)
    checks.same("hunts.csv cells", sorted(there), sorted(c.id for c, _ in all_))
    for cell, pools in all_:
        if cell.id in there:
            check_judged(checks, f"hunts.csv {cell.id}", there[cell.id], judged(pools, len(all_)))


def of_run(folder):
    """Cells with their pools, in the order of the run."""
    return [(c, p) for c in folder.measured() for p in [pools_of(folder, c)] if len(p) >= FEWEST]


def known(cell):
    return (cell.protocol == "http1" and cell.pooling == "shared" and cell.poisson and cell.settings.get("client") != "loop" and cell.rate.isdigit()
            and cell.plane != "direct" and cell.cure == "none" and alike(cell) and cell.idle_ms == 0)


def alike(cell):
    """Whether nothing happens, or all pods become slow."""
    return bool(re.fullmatch(rf"none|slow-pod={cell.pods},delay=[0-9a-z]+@[^;]*", cell.row["events"]))


def warm_up(row):
    return int(row["requests_count"]) - int(row["measured_requests_count"])


def pools_of(folder, cell):
    pools = []
    for at in folder.counted(cell) if known(cell) else []:
        clients = {}
        for row in folder.ledger[at]:
            clients.setdefault(row["client"], []).append(row)
        service = [number(folder.summary[at][f"service_{of}_ns"]) for of in ("p50", "mean")]
        pools += [p for rows in clients.values() for p in [pool_of(cell, rows, service)] if p]
    return pools


def pool_of(cell, rows, service_ns):
    """Both loads, open connections, and of the first of these the share that they had, and the ends of what theory has."""
    start, end = cell.warmup_ms, cell.warmup_ms + cell.measure_ms
    requests = sum(int(r["measured_requests_count"]) for r in rows)
    loads = [requests / cell.measure_ms * ns / 1e6 for ns in service_ns]
    pairs = sorted(((Connection(r), r) for r in rows), key=lambda p: (-warm_up(p[1]), p[0].born))
    pairs = [(c, r) for c, r in pairs if c.born < start < c.died]
    if len(pairs) < 2 or not loads[0] > 0:
        return None
    ends = [min(c.died, end) for c, _ in pairs]
    shares = [(int(r["measured_requests_count"]) / requests, sorted(expected(load, ends[:i + 1], start, end) for load in loads)) for i, (_, r) in enumerate(pairs[:FIRST])]
    return loads, len(pairs), shares


def expected(load, ends, start, end):
    """Of the last of these, which moves up when one before it ends."""
    sum_, at = 0, start
    for until in sorted({e for e in ends if e <= ends[-1]}):
        place = sum(e > at for e in ends)
        sum_ += (until - at) * (lost(load, place - 1) - lost(load, place))
        at = until
    return sum_ / (end - start)


def lost(load, places):
    """Erlang's B."""
    return load ** places / math.factorial(places) / sum(load ** k / math.factorial(k) for k in range(places + 1))


def beyond(x, low, high):
    return max(low - x, x - high, 0)


def mean(values):
    values = list(values)
    return sum(values) / len(values)


def judged(pools, tests):
    places = min(len(p[2]) for p in pools)
    in_turn = 1 / mean(p[1] for p in pools)
    level = FAMILY_ERROR / tests
    own = {"batches_count": len(pools), "under_way_low_count": mean(p[0][0] for p in pools), "under_way_high_count": mean(p[0][1] for p in pools), "in_turn_pct": 100 * in_turn}
    p, power = 1, 0
    for i in range(FIRST):
        of = PLACES[i]
        if i >= places:
            own.update({f"{of}_{c}pct": math.nan for c in ("", "low_", "high_", "expected_low_", "expected_high_")})
            continue
        seen = [b[2][i][0] for b in pools]
        low, high = (mean(b[2][i][1][end] for b in pools) for end in (0, 1))
        own.update({f"{of}_pct": 100 * mean(seen), f"{of}_low_pct": 100 * min(seen), f"{of}_high_pct": 100 * max(seen), f"{of}_expected_low_pct": 100 * low, f"{of}_expected_high_pct": 100 * high})
        differences = [b[2][i][0] - mean(b[2][i][1]) for b in pools]
        df = len(pools) - 1
        error = math.sqrt(mean((d - mean(differences)) ** 2 for d in differences) / df)
        p = min(p, places * min(1, 2 * numeric.t_below(-(beyond(mean(seen), low, high) - TOLERATED) / error, df)))
        far = (beyond(in_turn, low, high) - TOLERATED) / error
        power = max(power, numeric.t_below(far - numeric.t_quantile(1 - level / places / 2, df), df))
    own.update({
        "p": p, "p_adjusted": min(1, p * tests), "in_turn_found_pct": 100 * power,
        "fit": "differs" if p <= level else "agrees" if power >= POWER else "cannot-tell"})
    return own
