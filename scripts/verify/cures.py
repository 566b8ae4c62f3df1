"""cures.csv against counters, processes, ledger and bins of time; and which cells can be weighed against each other."""
import math
from collections import defaultdict
from fractions import Fraction

from . import chance
from .effects import Connection, happened
from .folder import listed, number, rows
from .around import BIN, Watched, first_bin, step_of

NOT_ASKED = {"run", "cell_id", "number", "title", "cell", "block", "repetitions_count", "cure"}
COURSE = {"warmup_ms", "idle_ms", "measure_ms", "drain_ms", "events"}
FAMILY_ERROR, POWER, ALL_ANEW = 0.001, 0.8, 1.5
JITTER = {"none": (0, 0), "grpc": (-0.1, 0.1), "envoy": (0, 1), "reactor": (-1, 0)}


def groups(folder, course=False):
    """Measured cells of two cures at least that differ in nothing else, or, without course, in nothing else that is asked."""
    left = NOT_ASKED if course else NOT_ASKED | COURSE
    by = defaultdict(list)
    for cell in folder.measured():
        by[tuple(v for k, v in cell.row.items() if k not in left)].append(cell)
    return [g for g in by.values() if len({c.cure for c in g}) > 1]


def check(folder, checks):
    there = {r["cell_id"]: r for r in folder.table("cures.csv")}
    cells = [c for g in groups(folder) for c in g]
    checks.same("cures.csv cells", sorted(there), sorted(c.id for c in cells))
    new = {c.id: n for c in cells for n in [newcomers(folder, c)] if n}
    drawn = {c.id: n for c in cells for n in [proxies(folder, c)] if n}
    for cell in cells:
        row = there.get(cell.id)
        if row is None:
            continue
        where = f"cures.csv {cell.id}"
        checks.near(where + " opened_per_s", number(row["opened_per_s"]), opened_per_s(folder, cell))
        for role in ("client", "proxy", "pods"):
            checks.near(f"{where} {role}_cpu_ns", number(row[role + "_cpu_ns"]), cpu(folder, cell, role))
        check_new(checks, where, row, new.get(cell.id), len(new))
        check_proxies(checks, where, row, drawn.get(cell.id), len(drawn))
        fair, share = slow(folder, cell) or (math.nan, math.nan)
        checks.near(where + " slow_fair_pct", number(row["slow_fair_pct"]), fair)
        checks.near(where + " slow_share_pct", number(row["slow_share_pct"]), share)


def check_new(checks, where, row, seen, tests):
    if seen is None:
        checks.same(where + " new_fit", row["new_fit"], "NA")
        return
    expected, fair, open_, on_new = seen
    level = FAMILY_ERROR / tests
    p = p_value(expected, open_, on_new)
    half = power(expected, open_, (expected or fair) / 2, level)
    checks.near(where + " new_expected_pct", number(row["new_expected_pct"]), 100 * expected)
    checks.same(where + " open_count", int(row["open_count"]), open_)
    checks.same(where + " new_count", int(row["new_count"]), on_new)
    checks.near(where + " p", number(row["p"]), p)
    checks.near(where + " p_adjusted", number(row["p_adjusted"]), min(1, p * tests))
    checks.near(where + " half_found_pct", number(row["half_found_pct"]), 100 * half)
    checks.same(where + " new_fit", row["new_fit"], "differs" if p <= level else "agrees" if half >= POWER else "cannot-tell")


def check_proxies(checks, where, row, counts, tests):
    if counts is None:
        checks.same(where + " proxies_fit", row["proxies_fit"], "NA")
        return
    k = len(counts[0])
    sums = [sum(c) for c in zip(*counts)]
    level = FAMILY_ERROR / tests
    test = chance.uniform([sums])
    twice = chance.power(sum(sums), k, level, 2 / k)
    checks.same(where + " proxies_count", number(row["proxies_count"]), k)
    checks.near(where + " busiest_proxy_over_mean", number(row["busiest_proxy_over_mean"]), sum(max(c) * k / sum(c) for c in counts) / len(counts))
    checks.near(where + " busiest_proxy_expected", number(row["busiest_proxy_expected"]), sum(chance.max_over_mean(sum(c), k) for c in counts) / len(counts))
    checks.near(where + " proxies_p", number(row["proxies_p"]), test.p)
    checks.near(where + " proxies_p_adjusted", number(row["proxies_p_adjusted"]), min(1, test.p * tests))
    checks.near(where + " twice_found_pct", number(row["twice_found_pct"]), 100 * twice)
    checks.same(where + " proxies_fit", row["proxies_fit"], "differs" if test.p <= level else "agrees" if twice >= POWER else "cannot-tell")


def proxies(folder, cell):
    """Connections of each proxy of a pool by repetition, as these counted them; None where rules draw none."""
    k = int(words(cell.cure).get("proxies", "0").replace("sidecars", "0"))
    if k < 2 or not drawn_by_rules(cell):
        return None
    all_ = []
    for at in folder.counted(cell):
        each = [0] * k
        for r in rows(folder.raw(at, "counters.csv") or ""):
            if r["counter"] == "connections_count" and r["source"].startswith("proxy-") and " " not in r["source"]:
                each[int(r["source"][6:]) - 1] += round(number(r["value"]))
        if sum(each):
            all_.append(each)
    return all_ or None


def drawn_by_rules(cell):
    return cell.row["data_plane"] in ("iptables", "nftables") or cell.row["ipvs_scheduler"] == "mh"


def slow(folder, cell):
    """The fair share of pods that are slow, and what they answered of all from then on; None if that is not all that happens."""
    if len(cell.row["events"].split(";")) != 1 or not cell.row["events"].startswith("slow-pod="):
        return None
    all_ = own = 0
    pods = set()
    for at in folder.counted(cell):
        steps = [e for e in folder.events[at] if step_of(e) == "slowed"]
        if not steps:
            return None
        pods = {p for e in steps for p in listed(e["pods"])}
        seen = Watched(folder, at)
        start, end = first_bin(max(number(e["done_ms"]) for e in steps)), math.floor(seen.end / BIN + 1e-6)
        all_ += seen.all(start, end)
        own += sum(seen.of(p, start, end) for p in pods)
    return (100 * len(pods) / cell.pods, 100 * own / all_) if all_ else None


def probability(share, of, n):
    return float(math.comb(of, n) * Fraction(share) ** n * (1 - Fraction(share)) ** (of - n))


def p_value(share, of, observed):
    if share == 0:
        return float(observed == 0)
    each = [probability(share, of, n) for n in range(of + 1)]
    return min(1, sum(x for x in each if x <= each[observed] * (1 + 1e-7)))


def power(share, of, other, level):
    return sum(probability(other, of, n) for n in range(of + 1) if p_value(share, of, n) <= level)


def opened_per_s(folder, cell):
    values = [
        number(r["value"]) for s in folder.repetitions(cell) for r in rows(folder.raw(folder.at(s), "counters.csv") or "")
        if (r["source"], r["counter"]) == ("ledger", "opened_per_s")]
    return sum(values) / len(values) if values else math.nan


def cpu(folder, cell, role):
    ns, answered = 0, 0
    for summary in folder.repetitions(cell):
        at = folder.at(summary)
        table = [r for r in rows(folder.raw(at, "processes.csv") or "") if r["role"] == role]
        enough = role != "pods" or sum(int(r["pods_count"]) for r in table) >= len(folder.distribution[at])
        if table and enough:
            ns += sum(number(r["cpu_ns"]) for r in table)
            answered += int(summary["requests_answered_count"])
    return ns / answered if answered else math.nan


def words(cure):
    return dict(w.split("=", 1) for part in cure.split("+") for w in part.split(",") if "=" in w)


def milliseconds(text):
    return float(text[:-2]) if text.endswith("ms") else 1000 * float(text[:-1])


def newcomers(folder, cell):
    """Share that theory has on pods that joined, the fair one, open connections, and those on such pods; None if it says nothing."""
    said = words(cell.cure)
    plain = (cell.choice == "draw" and cell.long_lived and cell.pooling == "dedicated" and cell.row["opening"] == "at-once"
             and "max-requests" not in said and not ("max-age" in said and said.get("learning") == "once"))
    if not plain or len(cell.row["events"].split(";")) != 1 or not cell.changes or not folder.counted(cell):
        return None
    end = cell.warmup_ms + cell.idle_ms + cell.measure_ms
    open_ = on_new = 0
    fair = None
    for at in folder.counted(cell):
        events = happened(folder.events[at])
        if not events:
            return None
        added = {p for s in events[0] if step_of(s) == "joined" for p in listed(s["pods"])}
        if not added or any(step_of(s) == "left" for s in events[0]):
            return None
        watched = end - max(number(s["done_ms"]) for s in events[0] if step_of(s) == "joined")
        if watched < (ALL_ANEW * longest(said) if "max-age" in said else 0):
            return None
        share = len(added) / (cell.pods + len(added))
        if open_ and share != fair:
            return None
        fair = share
        pods = [c.pod for c in map(Connection, folder.ledger[at]) if c.born <= end < c.died and c.pod != "NA"]
        open_ += len(pods)
        on_new += sum(p in added for p in pods)
    return (fair if "max-age" in said else 0, fair, open_, on_new) if open_ else None


def longest(said):
    least, most = JITTER[said.get("jitter", "none")]
    amount = 1 if said.get("jitter") == "grpc" else int(said.get("percent", 10)) / 100
    return milliseconds(said["max-age"]) * (1 + most * amount)
