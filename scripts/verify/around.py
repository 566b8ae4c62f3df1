"""around.csv, new_pods.csv and recovery.csv against ledger, events and bins of time; due.csv and due.hlog against its windows."""
import math
import statistics
from collections import defaultdict

from . import chance, histograms
from .effects import SLACK, STRIKES, Connection, broke, happened
from .folder import listed, number, rows
from .numeric import binomial

BIN, SECOND = 100, 10
SHARE, BALANCED, MISSED, HOLDS, TOLERANCE = 0.8, 1.25, 0.025, 50, 0.1
DUE = ("due_count", "answered_count", "failed_count", "unanswered_count")
START_MS = 100
TAKES_OUT = {"left", "ended", "killed", "silenced"}


class Watched:
    """A repetition over time."""

    def __init__(self, folder, at):
        self.at = at
        self.cell = folder.cells[at[0]]
        self.schema = folder.schema
        self.spread = self.cell.row["opening"] == "spread"  # load grows all the time, and there is no target
        self.end = self.cell.warmup_ms + self.cell.idle_ms + self.cell.measure_ms
        self.ledger = [Connection(r) for r in folder.ledger[at]]
        self.changes = sorted(
            (e for e in folder.events[at] if step_of(e) in ("joined", "left")), key=lambda e: number(e["done_ms"]))
        self.first = {p["pod"] for p in folder.distribution[at] if int(p["pod_index"]) <= self.cell.pods}
        self.answered = defaultdict(lambda: defaultdict(int))
        self.failed = defaultdict(int)
        self.retried = defaultdict(int)
        for row in rows(folder.raw(at, "pods_over_time.csv") or ""):
            bin_ = math.floor(number(row["at_ms"]) / BIN + 1e-6)
            if row["pod"] == "NA":
                self.failed[bin_] += int(row["failed_count"])
                self.retried[bin_] += int(row.get("retried_count", 0))
            else:
                self.answered[row["pod"]][bin_] += int(row["answered_count"])

    def endpoints(self, ms):
        now = set(self.first)
        for e in self.changes:
            if number(e["done_ms"]) <= ms:
                pods = set(listed(e["pods"]))
                now = now | pods if step_of(e) == "joined" else now - pods
        return now

    def of(self, pod, start, end):
        return sum(self.answered[pod][i] for i in range(start, end)) if pod in self.answered else 0

    def all(self, start, end):
        return sum(self.of(pod, start, end) for pod in list(self.answered))

    def max_over_mean(self, pods, start, end):
        each = [self.of(pod, start, end) for pod in pods]
        return max(each) * len(each) / sum(each) if sum(each) else math.nan


def step_of(event):
    return event.get("step") or ("joined" if event["event"] == "add-endpoints" else "left")


def first_bin(ms):
    return math.ceil(ms / BIN - 1e-6)


def check(folder, checks):
    tables = {name: defaultdict(list) for name in ("around.csv", "new_pods.csv", "recovery.csv")}
    for name, by in tables.items():
        for row in folder.table(name):
            by[folder.at(row), row["event"], row["asked_ms"]].append(row)
    for at in folder.summary:
        if not folder.events[at] or not folder.distribution[at] or not rows(folder.raw(at, "pods_over_time.csv") or ""):
            continue
        seen = Watched(folder, at)
        times = times_by_due(folder, at)
        due = requests_due(folder, at)
        if due is not None and times is not None:
            check_due(folder, checks, at, due, times)
        for steps, until in happened(folder.events[at]):
            key = at, steps[0]["event"], steps[0]["asked_ms"]
            where = f"{at} {key[1]} {key[2]}"
            windows(checks, "around.csv " + where, tables["around.csv"].pop(key, []), seen, steps, until, times, due)
            new_pods(checks, "new_pods.csv " + where, tables["new_pods.csv"].pop(key, []), seen, steps)
            recovery(checks, "recovery.csv " + where, tables["recovery.csv"].pop(key, []), seen, steps, until)
    for name, by in tables.items():
        checks.same(name + " has nothing else", len(by), 0)


def times_by_due(folder, at):
    """Counts of requests by the bin in which they were due: answered, and not; None where that was not recorded."""
    text = folder.raw(at, "due.hlog")
    if text is None:
        return None
    bins = {"response": defaultdict(int), "censored": defaultdict(int)}
    for tag, start, payload in histograms.entries(text):
        bins[tag][round(float(start) * 1000 / BIN)] += histograms.total(histograms.decoded(payload))
    return bins


def requests_due(folder, at):
    """What became of requests, by the bin in which they were due; None in folders of versions that did not tell."""
    text = folder.raw(at, "due.csv")
    return None if text is None else {round(number(r["at_ms"]) / BIN): [int(r[c]) for c in DUE] for r in rows(text)}


def check_due(folder, checks, at, due, times):
    """Each bin adds up, as does all of it; it has the answers that there are times of; and the schedule made it due."""
    where, summary, cell = f"due.csv {at}", folder.summary[at], folder.cells[at[0]]
    own = [int(summary["requests_" + c]) for c in ("due_count", "answered_count", "due_failed_count", "due_unanswered_count")]
    for name, of_bins, all_ in zip(DUE, (sum(column) for column in zip(*due.values())), own):
        checks.same(f"{where} {name}", of_bins, all_)
    for i in sorted(due.keys() | {i for tag in times.values() for i in tag}):
        n, answered, failed, unanswered = due.get(i, [0] * 4)
        here = f"{where} at {i * BIN} ms"
        checks.same(here + " due_count", n, answered + failed + unanswered)
        checks.same(here + " answered_count", answered, times["response"][i])
        checks.same(here + " failed_count and unanswered_count", failed + unanswered, times["censored"][i])
    if cell.rate == "closed" or cell.poisson or cell.row["opening"] == "spread" or {"load-lost", "drained-early"} & set(listed(summary["marks"])):
        return
    rate, mean, last = cell.rates()
    begin = cell.warmup_ms + cell.idle_ms
    end = begin + cell.measure_ms
    # each client begins on its own, a little late
    for i in range(first_bin(begin + START_MS), math.floor((end - START_MS) / BIN) if rate == mean == last else 0):
        checks.between(f"{where} at {i * BIN} ms, of the schedule", due.get(i, [0])[0], mean * BIN / 1000 - cell.clients - 1, mean * BIN / 1000 + cell.clients + 1)


def replicas(current, value, target):
    if not target or math.isnan(target) or math.isnan(value):
        return None
    ratio = value / target
    return current if abs(ratio - 1) <= TOLERANCE else math.ceil(current * ratio)


def on_the_verge(current, value, target):
    """Whether the last digit decides what is chosen."""
    if not target or math.isnan(target) or math.isnan(value):
        return False
    ratio = value / target
    return abs(abs(ratio - 1) - TOLERANCE) < 1e-9 or abs(current * ratio - round(current * ratio)) < 1e-9


def windows(checks, where, said, seen, steps, until, times, due):
    start, end = spanned(steps)
    begin = math.floor(start / BIN + 1e-6)
    stop = max(begin + 1, first_bin(end))
    cut = first_bin(min(seen.end, until))
    own = {
        "before": (max(0, begin - SECOND), begin), "during": (begin, stop), "after": (stop, min(cut, stop + SECOND)), "since": (begin, cut)}
    own = {w: (a, b) for w, (a, b) in own.items() if a < b}
    checks.same(where + " windows", [r["window"] for r in said], list(own))
    target = math.nan
    for row in said:
        a, b = own.get(row["window"], (0, 0))
        if b <= a:
            continue
        here = f"{where} {row['window']}"
        pods = seen.endpoints(b * BIN)
        rates = [seen.of(pod, a, b) * SECOND / (b - a) for pod in pods] or [math.nan]
        mean, hottest = sum(rates) / len(rates), max(rates)
        if row["window"] == "before" and not seen.spread:
            target = mean
        if row["window"] in ("during", "since") and seen.schema > 2:
            # endpoints change meanwhile; folders of earlier schemas keep their tables
            mean = hottest = math.nan
        checks.near(here + " from_ms", number(row["from_ms"]), a * BIN)
        checks.near(here + " to_ms", number(row["to_ms"]), b * BIN)
        checks.same(here + " answered_count", int(row["answered_count"]), seen.all(a, b))
        checks.same(here + " failed_count", int(row["failed_count"]), sum(seen.failed[i] for i in range(a, b)))
        checks.same(here + " pods_count", int(row["pods_count"]), len(pods))
        checks.near(here + " mean_per_s", number(row["mean_per_s"]), mean)
        checks.near(here + " hottest_per_s", number(row["hottest_per_s"]), hottest)
        for column, value in (("replicas_by_mean_count", mean), ("replicas_by_hottest_count", hottest)):
            chosen = replicas(len(pods), value, target)
            if not on_the_verge(len(pods), value, target):
                checks.same(f"{here} {column}", row[column], "NA" if chosen is None else str(chosen))
        if "due_count" in row:
            # folders of earlier versions lack it
            sums = ["NA"] * 4 if due is None else [str(sum(due[i][c] for i in range(a, b) if i in due)) for c in range(4)]
            for column, n in zip(("due_count", "due_answered_count", "due_failed_count", "due_unanswered_count"), sums):
                checks.same(f"{here} {column}", row[column], n)
        if times:
            answered, censored = (sum(times[t][i] for i in range(a, b)) for t in ("response", "censored"))
            checks.same(here + " response_count", int(row["response_count"]), answered + censored)
            checks.same(here + " response_censored_count", int(row["response_censored_count"]), censored)


def spanned(steps):
    return number(steps[0]["begun_ms"]), max(number(s["done_ms"]) for s in steps)


def new_pods(checks, where, said, seen, steps):
    start, _ = spanned(steps)
    joined = [(s, pod) for s in steps if step_of(s) == "joined" for pod in listed(s["pods"])]
    checks.same(where + " pods", [r["pod"] for r in said], [pod for _, pod in joined])
    for row, (step, pod) in zip(said, joined):
        here = f"{where} {pod}"
        done, begun = number(step["done_ms"]), number(step["begun_ms"])
        own = [c for c in seen.ledger if c.pod == pod]
        near(checks, here + " joined_after_ms", row["joined_after_ms"], done - start, done)
        near(checks, here + " watched_ms", row["watched_ms"], seen.end - start, seen.end)
        checks.same(here + " connections_count", int(row["connections_count"]), len(own))
        checks.same(here + " requests_count", int(row["requests_count"]), sum(c.requests for c in own))
        checks.between(
            here + " older_connections_count", int(row["older_connections_count"]),
            sum(c.begun < begun * (1 - SLACK) for c in own), sum(c.begun < begun * (1 + SLACK) for c in own))
        first = min((c.born for c in own if c.begun >= begun * (1 - SLACK) and c.born <= seen.end), default=math.nan)
        near(checks, here + " first_connection_after_ms", row["first_connection_after_ms"], first - start, seen.end)
        near(
            checks, here + " share_of_connections_after_ms", row["share_of_connections_after_ms"],
            share_of_connections(seen, done, pod) - start, seen.end)
        near(
            checks, here + " share_of_requests_after_ms", row["share_of_requests_after_ms"],
            share_of_requests(seen, done, pod) - start, seen.end)


def near(checks, where, text, own, scale):
    """Differences of times that were written with six digits each."""
    if math.isnan(own) or text == "NA":
        checks.near(where, number(text), own)
    else:
        checks.between(where, number(text), own - 2 * SLACK * scale, own + 2 * SLACK * scale)


def share_of_connections(seen, done, pod):
    later = sorted((c for c in seen.ledger if c.begun > done and c.born <= seen.end and c.pod != "NA"), key=lambda c: c.born)
    own = 0
    for n, c in enumerate(later, 1):
        own += c.pod == pod
        pods = len(seen.endpoints(c.born))
        if n >= pods and own * pods >= SHARE * n:
            return c.born
    return math.nan


def share_of_requests(seen, done, pod):
    i = first_bin(done)
    while i + SECOND <= seen.end // BIN:
        own = seen.of(pod, i, i + SECOND)
        if own and own * len(seen.endpoints(i * BIN)) >= SHARE * seen.all(i, i + SECOND):
            return i * BIN
        i += 1
    return math.nan


def recovery(checks, where, said, seen, steps, until):
    checks.same(where + " is there once", len(said), 1)
    start, end = spanned(steps)
    begin = math.floor(start / BIN + 1e-6)
    before = seen.max_over_mean(seen.endpoints(start), begin - SECOND, begin)
    over = min(seen.end, until)
    joined = {pod for s in steps if step_of(s) == "joined" for pod in listed(s["pods"])} & seen.endpoints(end)
    # folders of earlier versions have one bound for all
    at_most, new_at_least = bounds(seen, start, end, len(joined)) if said and "max_over_mean_balanced" in said[0] else (BALANCED, 0)
    at_most = at_most if math.isnan(before) else max(at_most, before)
    balanced = balance(seen, end, over, at_most, joined, new_at_least)
    upset = {pod for s in steps if s.get("step") in STRIKES or step_of(s) == "left" for pod in listed(s["pods"])}
    own = upset if "by=server" in seen.cell.cure else None
    broken = [c for c in seen.ledger if c.born < start < c.died and broke(c, until, own)]
    unaware = [max(0, c.died - max([start] if math.isnan(c.last_reply) else [start, c.last_reply])) for c in broken]
    for row in said:
        near(checks, where + " watched_ms", row["watched_ms"], max(0, over - end), seen.end)
        checks.near(where + " max_over_mean_before", number(row["max_over_mean_before"]), before)
        if "max_over_mean_balanced" in row:
            checks.near(where + " max_over_mean_balanced", number(row["max_over_mean_balanced"]), at_most)
            checks.near(where + " new_at_least_pct", number(row["new_at_least_pct"]), 100 * new_at_least)
        near(checks, where + " balanced_after_ms", row["balanced_after_ms"], balanced - end, seen.end)
        near(checks, where + " balanced_for_ms", row["balanced_for_ms"],
            math.nan if math.isnan(balanced) else min(HOLDS * BIN, over - balanced), seen.end)
        for column, death in (("reset", "reset"), ("timed_out", "timed-out"), ("goodbye", "goodbye"), ("fin", "peer-fin"), ("error", "error")):
            checks.same(f"{where} broken_{column}_count", int(row[f"broken_{column}_count"]), sum(c.death == death for c in broken))
        near(checks, where + " broken_unaware_p50_ms", row["broken_unaware_p50_ms"], statistics.median(unaware) if unaware else math.nan, seen.end)
        near(checks, where + " broken_unaware_max_ms", row["broken_unaware_max_ms"], max(unaware, default=math.nan), seen.end)
        last = math.inf if math.isinf(until) else math.floor(until / BIN + 1e-6)
        for column, bins in (("failed_count", seen.failed), ("retried_count", seen.retried)):
            checks.same(f"{where} {column}", int(row.get(column, 0)), sum(n for i, n in bins.items() if begin <= i < last))
        check_left(checks, where, row, seen, [s for s in steps if step_of(s) == "left"])
        # folders of earlier versions lack it
        if "last_reply_after_ms" in row:
            check_last(checks, where, row, seen, start, {pod for s in steps if step_of(s) in TAKES_OUT for pod in listed(s["pods"])})


def bounds(seen, start, end, joined):
    """The busiest endpoint over the mean, and those that joined over an equal share: what a fair draw of the connections that are there keeps in 97.5 % each, if that is less even than 1.25 and its inverse."""
    begin, k = math.floor(start / BIN + 1e-6), len(seen.endpoints(end))
    each_its_own = seen.cell.protocol == "short-lived"
    n = seen.all(begin - SECOND, begin) if each_its_own else sum(c.born < start < c.died for c in seen.ledger)
    at_most, new_at_least = BALANCED, 1 / BALANCED if joined else math.nan
    if n and k:
        most = math.floor(BALANCED * n / k + 1e-9)
        while chance.most_at_most(n, k, most) < 1 - MISSED:
            most += 1
            at_most = most * k / n
    if n and joined:
        least, below = 0, binomial(n, joined / k, 0)
        while below < MISSED:
            least += 1
            below += binomial(n, joined / k, least)
        new_at_least = min(new_at_least, least * k / (n * joined))
    return at_most, new_at_least


def in_balance(seen, now, i, bound, joined, new_at_least):
    of_new = [seen.of(pod, i, i + SECOND) for pod in joined & now]
    all_ = sum(seen.of(pod, i, i + SECOND) for pod in now)
    return seen.max_over_mean(now, i, i + SECOND) <= bound and (
        not of_new or sum(of_new) * len(now) >= new_at_least * all_ * len(of_new))


def balance(seen, end, over, bound, joined, new_at_least):
    since = math.nan
    i = first_bin(end)
    while i + SECOND <= math.floor(over / BIN + 1e-6):
        if not in_balance(seen, seen.endpoints(i * BIN), i, bound, joined, new_at_least):
            since = math.nan
        elif math.isnan(since):
            since = i * BIN
        elif i + SECOND - since // BIN >= HOLDS:
            break
        i += 1
    return since


def check_left(checks, where, row, seen, steps):
    """At the moment when a pod left a connection may be on either side of it, as far as six digits tell."""
    ranges = []
    for slack in (-SLACK, 0, SLACK):
        opened = open_ = answered = 0
        for s in steps:
            done, pods = number(s["done_ms"]), set(listed(s["pods"]))
            on = [c for c in seen.ledger if c.pod in pods]
            opened += sum(c.begun > done * (1 + slack) for c in on)
            open_ += sum(c.begun <= done * (1 + slack) and c.died > seen.end * (1 + slack) for c in on)
            after = first_bin(done)
            answered += sum(seen.of(pod, after, max(after, first_bin(seen.end))) for pod in pods)
        ranges.append((sum(int(s["pods_count"]) for s in steps), opened, open_, answered))
    for column, values in zip(("pods", "opened", "open", "answered"), zip(*ranges)):
        checks.between(f"{where} left_{column}_count", int(row[f"left_{column}_count"]), min(values), max(values))


def check_last(checks, where, row, seen, start, gone):
    """The last reply, request and new connection of pods that left, until they came back."""
    back = {}
    for e in seen.changes:
        if step_of(e) == "joined" and number(e["begun_ms"]) > start:
            for pod in listed(e["pods"]):
                back[pod] = min(back.get(pod, math.inf), number(e["begun_ms"]))
    own = [(c, back.get(c.pod, math.inf)) for c in seen.ledger if c.pod in gone]
    for column, moment in (("reply", lambda c: c.last_reply), ("request", lambda c: c.last_request), ("connection", lambda c: c.begun)):
        since = [min(moment(c), until) for c, until in own if c.begun <= until and moment(c) > start]
        near(checks, f"{where} last_{column}_after_ms", row[f"last_{column}_after_ms"], max(since, default=math.nan) - start, seen.end)
