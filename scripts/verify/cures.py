"""cures.csv against counters, processes, ledger and bins of time; and which cells can be weighed against each other."""
import math
from collections import Counter, defaultdict
from fractions import Fraction

from . import chance, histograms, table_entries
from .effects import Connection, happened
from .folder import listed, number, rows
from .around import BIN, Watched, first_bin, step_of
from .run import span

NOT_ASKED = {"run", "cell_id", "number", "title", "cell", "block", "repetitions_count", "cure", "ipvs_scheduler", "settings"}
COURSE = {"warmup_ms", "idle_ms", "measure_ms", "drain_ms", "events"}
OF_SILENCE = ("keep-alive-interval", "tcp-retries")
TICK_NS = 10_000_000
FAMILY_ERROR, POWER, ALL_ANEW, TOLERANCE = 0.001, 0.8, 1.5, 0.05
JITTER = {"none": (0, 0), "grpc": (-0.1, 0.1), "envoy": (0, 1), "reactor": (-1, 0)}


def groups(folder, course=False, silence=False):
    """Measured cells of two cures at least that differ in nothing else, or, without course, in nothing else that is asked; ipvs schedulers count as cures, and of silence keep-alives and time-outs."""
    left = (NOT_ASKED if course else NOT_ASKED | COURSE) | ({"keep_alive"} if silence else set())
    by = defaultdict(list)
    for cell in folder.measured():
        settings = tuple((k, v) for k, v in cell.unusual.items() if not silence or k not in OF_SILENCE)
        by[tuple(v for k, v in cell.row.items() if k not in left) + settings].append(cell)
    return [g for g in by.values() if len({weighed(c, silence) for c in g}) > 1]


def weighed(cell, silence):
    of_silence = (cell.row["keep_alive"], *(cell.unusual.get(k) for k in OF_SILENCE)) if silence else ()
    return cell.cure, cell.row["ipvs_scheduler"], *of_silence


def check(folder, checks):
    there = {r["cell_id"]: r for r in folder.table("cures.csv")}
    cells = [c for g in groups(folder) for c in g]
    checks.same("cures.csv cells", sorted(there), sorted(c.id for c in cells))
    new = {c.id: n for c in cells for n in [newcomers(folder, c)] if n}
    anew = {c.id: n for c in cells for n in [renewed(folder, c)] if n}
    drawn = {c.id: n for c in cells for n in [proxies(folder, c)] if n}
    for cell in cells:
        row = there.get(cell.id)
        if row is None:
            continue
        where = f"cures.csv {cell.id}"
        check_errors(folder, checks, where, row, cell)
        checks.near(where + " opened_per_s", number(row["opened_per_s"]), opened_per_s(folder, cell))
        for role in ("client", "proxy", "pods"):
            checks.near(f"{where} {role}_cpu_ns", number(row[role + "_cpu_ns"]), cpu(folder, cell, role))
            if role + "_resident_bytes" in row:
                checks.near(f"{where} {role}_resident_bytes", number(row[role + "_resident_bytes"]), memory(folder, cell, role))
        if "client_entries_count" in row:
            for column, own in zip(("client_entries_count", "proxy_entries_count", "translated_entries_count"), table_entries.of_cell(folder, cell)):
                checks.near(f"{where} {column}", number(row[column]), own)
        if "connect_p99_ns" in row:
            check_slowest(folder, checks, where, row, cell)
        check_new(checks, where, row, new.get(cell.id), len(new))
        check_age(checks, where, row, anew.get(cell.id), len(anew))
        check_proxies(checks, where, row, drawn.get(cell.id), len(drawn))
        fair, share = slow(folder, cell) or (math.nan, math.nan)
        checks.near(where + " slow_fair_pct", number(row["slow_fair_pct"]), fair)
        checks.near(where + " slow_share_pct", number(row["slow_share_pct"]), share)


def check_errors(folder, checks, where, row, cell):
    for column in ("failed_count", "unanswered_count"):
        if column in row:
            checks.same(f"{where} {column}", int(row[column]), sum(int(s["requests_" + column]) for s in folder.repetitions(cell)))


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


def check_age(checks, where, row, seen, tests):
    if seen is None:
        checks.same(where + " age_fit", row["age_fit"], "NA")
        return
    seen.judge(tests)
    for column in ("half_expected_ms", "half_ms", "looked_after_ms", "age_p", "twice_age_found_pct"):
        checks.near(f"{where} {column}", number(row[column]), getattr(seen, column), absolute=1e-6)
    checks.near(where + " age_p_adjusted", number(row["age_p_adjusted"]), min(1, seen.age_p * tests))
    checks.same(where + " old_count", int(row["old_count"]), len(seen.ages))
    checks.same(where + " anew_count", int(row["anew_count"]), seen.anew_count)
    checks.same(where + " age_fit", row["age_fit"], seen.age_fit)


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


def keeps_up(cell):
    """Whether callers of a slow pod, and the pod itself, can do all that is due to them; earlier schemas did not ask."""
    said = dict(part.split("=") for part in cell.row["events"].split("@")[0].split(",")[1:])
    took = {name: milliseconds(said.get(name, "0ms")) for name in ("delay", "cpu")}
    return cell.rate.isdigit() and int(cell.rate) * took["delay"] < 1000 * cell.connections and int(cell.rate) * took["cpu"] < 1000 * cell.pods


def slow(folder, cell):
    """The fair share of pods that are slow, and what they answered of all from then on; None if that is not all that happens."""
    if len(cell.row["events"].split(";")) != 1 or not cell.row["events"].startswith("slow-pod="):
        return None
    if folder.schema > 4 and not keeps_up(cell):
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


def cpu_range(folder, cell):
    """Of a request, all processes, the least and the most that a repetition may have had; None where one was not measured."""
    ends = []
    for summary in folder.repetitions(cell):
        client, proxy, pods = (cpu(folder, cell, role, [summary]) for role in ("client", "proxy", "pods"))
        ns = client + pods + (0 if math.isnan(proxy) else proxy)
        table = rows(folder.raw(folder.at(summary), "processes.csv") or "")
        roles = [[number(r["cpu_ns"]) for r in table if r["role"] == role] for role in {r["role"] for r in table}]
        answered = int(summary["requests_answered_count"])
        off = sum(TICK_NS * len(took) for took in roles if all(t % TICK_NS == 0 for t in took)) / answered if answered else 0
        ends += [ns - off, ns + off]
    return span(ends) if ends and all(map(math.isfinite, ends)) else None


def cpu(folder, cell, role, some=None):
    """Of a request, of some repetitions or all; not known of a guest, whose kernel charges whole ticks or none."""
    if cell.testbed == "uml":
        return math.nan
    ns, answered = 0, 0
    for summary in some or folder.repetitions(cell):
        at = folder.at(summary)
        table = [r for r in rows(folder.raw(at, "processes.csv") or "") if r["role"] == role]
        enough = role != "pods" or sum(int(r["pods_count"]) for r in table) >= len(folder.distribution[at])
        if table and enough:
            ns += sum(number(r["cpu_ns"]) for r in table)
            answered += int(summary["requests_answered_count"])
    return ns / answered if answered else math.nan


def memory(folder, cell, role):
    """Memory of all processes of a role, mean over repetitions in which that of each is known."""
    each = []
    for at in folder.repetitions(cell):
        had = [number(r["resident_bytes"]) for r in rows(folder.raw(folder.at(at), "processes.csv") or "") if r["role"] == role]
        if had and min(had) > 0:
            each.append(sum(had))
    return sum(each) / len(each) if each else math.nan


def check_slowest(folder, checks, where, row, cell):
    """Of all repetitions together."""
    tags = defaultdict(Counter)
    for at in folder.repetitions(cell):
        for tag, counts in histograms.read(folder.raw(folder.at(at), "latency.hlog") or "").items():
            tags[tag].update(counts)
    checks.near(where + " response_p999_ns", number(row["response_p999_ns"]), histograms.censored_percentile(tags["response"], tags["censored"], 99.9), 0)
    checks.near(where + " connect_p99_ns", number(row["connect_p99_ns"]), histograms.percentile(tags["connect"], 99), 0)
    checks.near(where + " connect_max_ns", number(row["connect_max_ns"]), histograms.percentile(tags["connect"], 100), 0)


def words(cure):
    return dict(w.split("=", 1) for part in cure.split("+") for w in part.split(",") if "=" in w)


def milliseconds(text):
    return float(text[:-2]) if text.endswith("ms") else 1000 * float(text[:-1])


def newcomers(folder, cell):
    """Share that theory has on pods that joined, the fair one, open connections, and those on such pods; None if it says nothing."""
    said = words(cell.cure)
    if not draws_anew(cell, said) or len(cell.row["events"].split(";")) != 1 or not cell.changes or not folder.counted(cell):
        return None
    end = cell.warmup_ms + cell.idle_ms + cell.measure_ms
    open_ = on_new = 0
    fair = None
    for at in folder.counted(cell):
        events = [steps for steps, _ in happened(folder.events[at])]
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
    return (fair if "max-age" in said and not cell.pinned else 0, fair, open_, on_new) if open_ else None


def draws_anew(cell, said):
    """Whether each connection draws its pod when it is made, and is made anew by its age alone."""
    return ((cell.choice == "draw" or kept_client(cell)) and not cell.same_zone and cell.long_lived and cell.pooling == "dedicated" and cell.row["opening"] == "at-once"
            and "max-requests" not in said and not ("max-age" in said and said.get("learning") == "once"))


def kept_client(cell):
    """Whether a client keeps the pod that it drew first, whatever it opens."""
    return cell.choice == "client-pinned" and not cell.other_law


def ages(said):
    """The least and the greatest age that connections reach, milliseconds."""
    amount = 1 if said.get("jitter") == "grpc" else int(said.get("percent", 10)) / 100
    return [milliseconds(said["max-age"]) * (1 + way * amount) for way in JITTER[said.get("jitter", "none")]]


def longest(said):
    return ages(said)[1]


def between_uses_ms(cell):
    """Between two requests of a connection; None where that is not the same always."""
    if cell.rate == "closed":
        return 0
    return 1000 * cell.connections / float(cell.rate) if cell.rate.isdigit() and not cell.poisson else None


def renewed(folder, cell):
    """How soon connections were opened anew that were open when pods had joined; None where theory says nothing."""
    said = words(cell.cure)
    if (not draws_anew(cell, said) or "max-age" not in said or len(cell.row["events"].split(";")) != 1 or not cell.changes
            or cell.by_server and cell.protocol == "grpc-stream" or not folder.counted(cell)):
        return None
    end = cell.warmup_ms + cell.idle_ms + cell.measure_ms
    seen, watched = [], math.inf
    for at in folder.counted(cell):
        events = [steps for steps, _ in happened(folder.events[at])]
        if not events or not any(step_of(s) == "joined" for s in events[0]) or any(step_of(s) == "left" for s in events[0]):
            return None
        start = max(number(s["done_ms"]) for s in events[0] if step_of(s) == "joined")
        watched = min(watched, end - start)
        seen += [(start - c.born, math.inf if c.died > end else c.died - start) for c in map(Connection, folder.ledger[at]) if c.born <= start < c.died]
    gap = 0 if cell.by_server and cell.protocol != "http1" else between_uses_ms(cell)
    if gap is None:
        return None
    renewal = Renewal(seen, ages(said), gap) if seen else None
    return renewal if renewal and renewal.looked_after_ms <= watched else None


class Renewal:
    """Connections with a maximum age, from a moment of which each knows how old it was."""

    def __init__(self, seen, between, gap):
        self.ages = [a for a, _ in seen]
        self.lasted = sorted(x for _, x in seen)
        self.between, self.gap = between, gap
        self.looked_after_ms = self.half(1 + TOLERANCE, gap)
        self.half_expected_ms = self.half(1, gap / 2)
        half = self.lasted[(len(self.lasted) - 1) // 2]
        self.half_ms = half if math.isfinite(half) else math.nan
        self.anew_count = sum(x <= self.looked_after_ms for x in self.lasted)

    def ended(self, times, age):
        least, most = (times * x for x in self.between)
        return min(1, max(0, (age - least) / (most - least))) if most > least else float(age >= least)

    def by(self, times, lag, after):
        """How likely each has been opened anew by then."""
        for age in self.ages:
            before = self.ended(times, age - lag)
            yield 1 if before >= 1 else (self.ended(times, age + after - lag) - before) / (1 - before)

    def half(self, times, lag):
        early, late = 0, times * self.between[1] + lag
        for _ in range(100):
            middle = (early + late) / 2
            if sum(self.by(times, lag, middle)) < len(self.ages) / 2:
                early = middle
            else:
                late = middle
        return late

    def numbers(self, times, lag):
        """How likely each number of them has been by the moment at which they are counted."""
        exactly = [1.0]
        for p in self.by(times, lag, self.looked_after_ms):
            exactly = [a * (1 - p) + b * p for a, b in zip(exactly + [0.0], [0.0] + exactly)]
        return exactly

    def judge(self, tests):
        slowest, soonest, twice = self.numbers(1 + TOLERANCE, self.gap), self.numbers(1 - TOLERANCE, 0), self.numbers(2, 0)
        p = [min(1, 2 * min(sum(slowest[:n + 1]), sum(soonest[n:]))) for n in range(len(slowest))]
        level = FAMILY_ERROR / tests
        self.age_p = p[self.anew_count]
        power = sum(q for q, x in zip(twice, p) if x <= level)
        self.twice_age_found_pct = 100 * power
        self.age_fit = "differs" if self.age_p <= level else "agrees" if power >= POWER else "cannot-tell"
