"""Connections with a maximum age that began together: when they were opened anew, in cures.csv and herds.csv, against ledger and theory."""
import math

from .cures import FAMILY_ERROR, POWER, ages, between_uses_ms, groups, milliseconds, words
from .effects import Connection
from .folder import POLICIES, number

SOONER, LATER, CYCLES, LEAST = 0.02, 0.05, 5, 0.2
GRPC = 0.9, 1.1


def check(folder, checks):
    all_ = {c.id: h for c, h in of_run(folder)}
    there = {r["cell_id"]: r for r in folder.table("cures.csv")}
    if not any("together_count" in r for r in there.values()):
        return
    tenths = {}
    for row in folder.table("herds.csv"):
        tenths.setdefault(row["cell_id"], []).append(row)
    checks.same("herds.csv cells", sorted(tenths), sorted(all_))
    for ident, row in there.items():
        if ident not in all_:
            checks.same(f"cures.csv {ident} herd_fit", row["herd_fit"], "NA")
            continue
        herd = all_[ident]
        check_judged(checks, f"cures.csv {ident}", row, herd.judged(len(all_)))
        check_tenths(checks, f"herds.csv {ident}", tenths.get(ident, []), herd)


def check_judged(checks, where, row, own):
    for column, figure in own.items():
        if column.endswith("fit"):
            checks.same(f"{where} {column}", row[column], figure)
        else:
            checks.near(f"{where} {column}", number(row[column]), figure, absolute=1e-9)


def check_tenths(checks, where, rows, herd):
    checks.same(where + " rows", len(rows), len(herd.tenths))
    for row, (start, end) in zip(rows, herd.tenths):
        at = f"{where} {row['from_ms']}"
        checks.near(at + " from_ms", number(row["from_ms"]), start)
        checks.near(at + " to_ms", number(row["to_ms"]), end)
        checks.same(at + " opened_count", int(row["opened_count"]), herd.opened(start, end))
        for column, share in (("expected", herd.expected), ("least", herd.least), ("most", herd.most)):
            checks.near(f"{at} {column}_count", number(row[column + "_count"]), len(herd.begun) * share(start, end), absolute=1e-9)


def of_run(folder):
    """Cells with their herds, in the order of the run."""
    return [(c, h) for g in groups(folder) for c in g for h in [herd_of(folder, c)] if h]


def known(cell, said):
    """Whether each connection is one caller's, and is made anew by its age alone."""
    by = said.get("by", "client")
    return ("max-age" in said and "max-requests" not in said and not cell.changes and cell.idle_ms == 0 and cell.long_lived
            and cell.pooling == "dedicated" and cell.row["opening"] == "at-once"
            and not any(part.split(",")[0] in POLICIES for part in cell.cure.split("+"))
            and (by in ("client", "proxy") or by == "server" and not cell.proxied and cell.protocol != "grpc-stream")
            and between_uses_ms(cell) is not None)


def herd_of(folder, cell):
    said = words(cell.cure)
    if not known(cell, said) or not folder.counted(cell):
        return None
    herd = Herd(milliseconds(said["max-age"]), ages(said), between_uses_ms(cell), 2 if cell.protocol == "http1" else 1)
    end = cell.warmup_ms + cell.idle_ms + cell.measure_ms
    if herd.between[0] < LEAST * herd.age:
        return None
    for at in folder.counted(cell):
        born = sorted(c.born for c in map(Connection, folder.ledger[at]))
        first = born[:cell.connections]
        if len(first) < cell.connections or first[-1] - first[0] >= herd.shortest / 2 or first[0] + herd.shortest <= 0:
            return None
        herd.add(first, born[cell.connections:], end)
    return herd if herd.watch() else None


def ended(n, x):
    """How likely a sum of n numbers, each even from 0 to 1, is no more: by the recurrence of splines, of which it is the sum of one degree more."""
    if x <= 0 or x >= n:
        return float(x > 0)
    now = [float(0 <= x - j < 1) for j in range(int(x) + 2)] + [0.0]
    for degree in range(2, n + 2):
        now = [((x - j) * now[j] + (degree - x + j) * now[j + 1]) / (degree - 1) for j in range(len(now) - 1)] + [0.0]
    return sum(now)


class Herd:
    """Of all repetitions, in milliseconds after the start of each."""

    def __init__(self, age, between, gap, uses):
        self.age, self.between = age, between
        self.lag, self.mean_lag = uses * gap, (uses - 0.5) * gap
        self.shortest = (1 - SOONER) * between[0]
        self.begun, self.later, self.repetitions, self.watched = [], [], 0, CYCLES * sum(between) / 2

    def add(self, first, later, end):
        start = sum(first) / len(first)
        self.begun += [b - start for b in first]
        self.later += [b - start for b in later]
        self.repetitions += 1
        self.watched = min(self.watched, end - start)

    def watch(self):
        tenth = self.age / 10
        self.tenths = [((i - 0.5) * tenth, (i + 0.5) * tenth) for i in range(1, 1 + math.floor(self.watched / tenth - 0.5))]
        self.first = tenth / 2, min(self.watched, 2 * self.shortest + min(self.begun))
        return self.watched >= (1 + LATER) * self.between[1] + self.lag

    def opened(self, start, end):
        return sum(start <= b < end for b in self.later)

    def ended(self, n, after, between):
        least, most = between
        return ended(n, (after - n * least) / (most - least)) if most > least else float(after >= n * least)

    def mean(self, start, end, between):
        """Over connections, and over lives that can have ended by then; start and end are functions of when it began, and of how many lives."""
        sum_ = 0
        for begun in self.begun:
            n = 1
            while n * (1 - SOONER) * between[0] <= max(end(begun, n), end(begun, 0)):
                sum_ += max(0, self.ended(n, end(begun, n), between) - self.ended(n, start(begun, n), between))
                n += 1
        return sum_ / len(self.begun)

    def expected(self, start, end, between=None):
        return self.mean(lambda b, n: start - b - n * self.mean_lag, lambda b, n: end - b - n * self.mean_lag, between or self.between)

    def least(self, start, end):
        return min(1, self.mean(lambda b, n: (start - b) / (1 - SOONER), lambda b, n: (end - b - n * self.lag) / (1 + LATER), self.between))

    def most(self, start, end):
        return min(1, self.mean(lambda b, n: (start - b - n * self.lag) / (1 + LATER), lambda b, n: (end - b) / (1 - SOONER), self.between))

    def judged(self, tests):
        stretches = self.tenths + [self.first]
        of = len(self.begun)
        level = FAMILY_ERROR / tests
        tails = [(few(of, self.least(*s)), many(of, self.most(*s))) for s in stretches]
        p = min(1, len(stretches) * min(min(1, 2 * min(a[n], b[n])) for s, (a, b) in zip(stretches, tails) for n in [self.opened(*s)]))
        low, high = self.between
        other = [(low + high) / 2] * 2 if high > low else [x * self.age for x in GRPC]
        power = 0
        for s, (a, b) in zip(stretches, tails):
            truth = numbers(of, min(1, self.expected(*s, other)))
            power = max(power, sum(q for n, q in enumerate(truth) if 2 * min(a[n], b[n]) <= level / len(stretches)))
        expected = [of * self.expected(*s) for s in self.tenths]
        dense = next(i for i, e in enumerate(expected) if e >= max(expected) * (1 - 1e-9))
        per_s = 1000 / self.repetitions / (self.age / 10)
        return {
            "together_count": of, "dense_ms": sum(self.tenths[dense]) / 2, "dense_expected_per_s": per_s * expected[dense],
            "dense_per_s": per_s * self.opened(*self.tenths[dense]), "most_per_s": per_s * max(self.opened(*s) for s in self.tenths),
            "herd_p": p, "herd_p_adjusted": min(1, p * tests), "other_jitter_found_pct": 100 * power,
            "herd_fit": "differs" if p <= level else "agrees" if power >= POWER else "cannot-tell"}


def numbers(of, share):
    """How likely each number of so many is."""
    if share in (0, 1):
        return [float(n == share * of) for n in range(of + 1)]
    logs = math.log(share), math.log1p(-share)
    return [math.exp(math.lgamma(of + 1) - math.lgamma(n + 1) - math.lgamma(of - n + 1) + n * logs[0] + (of - n) * logs[1]) for n in range(of + 1)]


def few(of, share):
    """How likely no more than each number is."""
    sums, sum_ = [], 0
    for q in numbers(of, share):
        sum_ += q
        sums.append(sum_)
    return sums


def many(of, share):
    """How likely no fewer are."""
    return few(of, 1 - share)[::-1]
