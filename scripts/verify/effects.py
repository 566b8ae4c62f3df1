"""effects.csv against ledger, events and intervals."""
import math
import statistics

from .folder import listed, number, rows

STRIKES = {"left", "told-to-end", "ended", "killed", "silenced", "paused", "slowed"}
BROKEN = ("reset", "timed-out", "goodbye", "peer-fin", "error")

# tables have six digits: what lies so near to a moment may be on either side of it
SLACK = 1e-5


class Connection:
    """A row of the ledger, in milliseconds."""

    def __init__(self, row):
        self.born = number(row["born_ms"])
        # a SYN is sent again after whole seconds, and its pod is chosen anew
        self.begun = self.born - number(row["connect_ns"]) / 1e6 % 1000
        self.died = math.inf if row["lived_ms"] == "NA" else self.born + number(row["lived_ms"])
        self.last_request = number(row["last_request_ms"])
        self.last_reply = number(row["last_reply_ms"])
        self.requests = int(row["requests_count"])
        self.pod = row["pod"]
        self.death = row["death"]
        self.broken = self.death in BROKEN
        self.end = row["local_address"], row["local_port"]
        served = row.get("served_count", "NA")
        self.unheard = None if served == "NA" else max(0, int(served) - self.requests)


def check(folder, checks):
    for at, summary in folder.summary.items():
        cell = folder.cells[at[0]]
        said = folder.effects[at]
        ledger = [Connection(r) for r in folder.ledger[at]]
        intervals = rows(folder.raw(at, "intervals.csv") or "")
        expected = causes(cell, folder.events[at])
        checks.same(f"effects.csv {at} causes", [r["cause"] for r in said], [c[0] for c in expected])
        if "load-lost" in listed(summary["marks"]):
            continue
        for row, cause in zip(said, expected):
            check_row(checks, f"effects.csv {at} {row['cause']}", row, cause, ledger, intervals)
            if "open_struck_count" in row:
                check_struck(checks, f"effects.csv {at} {row['cause']}", row, cause, ledger, cell)


def causes(cell, events):
    """What happened: its name, from, to, pods that it added, took out, made worse, and that are gone since."""
    found = []
    if cell.idle_ms:
        found.append(("idle", cell.warmup_ms, cell.warmup_ms + cell.idle_ms, set(), set(), set(), set(), math.inf, None))
    gone = set()
    for steps, until in happened(events):
        added, removed, struck = set(), set(), set()
        for s in steps:
            pods = set(listed(s["pods"]))
            if s.get("step") in STRIKES:
                struck |= pods
            if s.get("step") == "joined" or "step" not in s and s["event"] == "add-endpoints":
                added |= pods
            elif s.get("step") == "left" or "step" not in s:
                removed |= pods
        gone = gone - added | removed
        found.append((
            steps[0]["event"], number(steps[0]["begun_ms"]), max(number(s["done_ms"]) for s in steps), added, removed, struck, set(gone), until,
            removed | struck if "by=server" in cell.cure else None))
    return found


def happened(events):
    """The steps of each event, in order of time, and when the next begins."""
    found = {}
    for e in sorted(events, key=lambda e: number(e["begun_ms"])):
        found.setdefault((e["event"], e["asked_ms"]), []).append(e)
    begun = [number(steps[0]["begun_ms"]) for steps in found.values()]
    # what one that was cut short did is not known
    return [
        (steps, min((b for b in begun if b > number(steps[0]["begun_ms"])), default=math.inf))
        for steps in found.values() if all(s.get("step") != "cut-short" for s in steps)]


def broke(connection, until, upset):
    """Whether it broke before the next event, and not as the pods' own cure has it: of pods that nothing happened to."""
    wished = upset is not None and connection.death == "goodbye" and connection.pod not in upset
    return connection.broken and connection.died <= until and not wished


def check_row(checks, where, row, cause, ledger, intervals):
    _, start, end, added, removed, struck, gone, until, upset = cause
    checks.near(where + " from_ms", number(row["from_ms"]), start)
    checks.near(where + " to_ms", number(row["to_ms"]), end)
    own = [figures(start * (1 + s), end * (1 + s), added, removed, gone, until * (1 + s), upset, ledger) for s in (0, SLACK, -SLACK)]
    for column in own[0]:
        values = [f[column] for f in own]
        if any(math.isnan(v) for v in values):
            checks.near(f"{where} {column}", number(row[column]), values[0])
        else:
            slack = 1e-5 * abs(values[0]) + (2 * SLACK * abs(end) if column.endswith("_ms") else 0)
            checks.between(f"{where} {column}", number(row[column]), min(values) - slack, max(values) + slack)
    checks.same(
        where + " failures_count", int(row["failures_count"]),
        sum(int(i["failed_count"]) for i in intervals if number(i["start_ms"]) + number(i["length_ms"]) > start and number(i["start_ms"]) < until))
    if "unheard_count" in row:
        unheard = [c.unheard for c in ledger if c.died > start and c.born < until and c.unheard is not None]
        if any(c.died > start and c.born < until and c.broken and c.requests and c.unheard is None for c in ledger):
            unheard = []
        checks.same(where + " unheard_count", row["unheard_count"], str(sum(unheard)) if unheard else "NA")


def check_struck(checks, where, row, cause, ledger, cell):
    start, struck = cause[1], cause[5]
    if cell.proxied or not struck:
        checks.same(where + " open_struck_count", row["open_struck_count"], "NA")
        return
    on = [sum(c.born < at < c.died and c.pod in struck for c in ledger) for at in (start, start * (1 + SLACK), start * (1 - SLACK))]
    checks.between(where + " open_struck_count", int(row["open_struck_count"]), min(on), max(on))


def figures(start, end, added, removed, gone, until, upset, ledger):
    was_open = [c for c in ledger if c.born < start < c.died]
    later = [c for c in ledger if end < c.begun < until]
    leaving = [c for c in was_open if c.pod in removed]
    broken = [c for c in was_open if broke(c, until, upset)]
    notices = [c.died - start for c in broken]
    kept = [c for c in was_open if c.last_request > end and c not in broken]
    reset = sum(c.death == "reset" for c in broken)
    again, moved = ports(ledger, start, end, gone)
    return {
        "open_count": len(was_open),
        "open_kept_count": len(kept),
        "open_reset_count": reset,
        "open_closed_count": len(broken) - reset,
        "open_unanswered_count": sum(not c.broken and not c.last_request > end and c.death != "retired" and c.died > end for c in was_open),
        "notice_p50_ms": statistics.median(notices) if notices else math.nan,
        "notice_max_ms": max(notices, default=math.nan),
        "leaving_count": len(leaving),
        "leaving_kept_count": sum(c in kept for c in leaving),
        "opened_count": len(later),
        "opened_to_added_count": sum(c.pod in added for c in later),
        "opened_to_removed_count": sum(c.pod in removed for c in later),
        "ports_again_count": again,
        "ports_moved_count": moved,
    }


def ports(ledger, start, end, gone):
    """Client's ends that were used before and after, whose pod before is still there, and how many came to another."""
    before, after = {}, {}
    for c in sorted((c for c in ledger if c.pod != "NA"), key=lambda c: c.born):
        if c.born < start:
            before[c.end] = c.pod
        elif c.begun > end:
            after.setdefault(c.end, c.pod)
    again = [e for e, pod in before.items() if e in after and pod not in gone]
    return len(again), sum(after[e] != before[e] for e in again)
