"""jmh.csv, growth.csv and ratios.csv against JMH's own files and kernel.csv."""
import json
import math
import os
import statistics
from collections import defaultdict

from .folder import listed, number
from .numeric import f_above, t_quantile

NANOSECONDS = {"ns/op": 1, "us/op": 1e3, "ms/op": 1e6, "s/op": 1e9}
WALKED = ("iptables-legacy", "iptables-nft")
MARGIN_NS = 0.5
POINTS, LOADS = 5, 2
GROWING = ("linear", "grows-otherwise")


class Observation:
    """An independent load of rules, or a fork: what it cost, and with all that was measured with it."""

    def __init__(self, services, ns, call, clock, disturbed):
        self.services, self.ns, self.call, self.clock, self.disturbed = services, ns, call, clock, disturbed


def check(folder, checks):
    jmh = folder.table("jmh.csv")
    check_forks(folder, checks, jmh)
    curves = observations(jmh, folder.table("kernel.csv"))
    said = {key(r): r for r in folder.table("growth.csv")}
    growing = {k: o for k, o in curves.items() if len({x.services for x in o}) > 1}
    checks.same("growth.csv rows", sorted(said), sorted(growing))
    off = set()
    own = {k: growth(o) for k, o in growing.items()}
    for k, (row, _) in own.items():
        if k[3] == "first-again" and grows(row):
            off.add(k[:3])
    for k, (row, numbers) in own.items():
        if k[:3] in off:
            row = {**row, "trend": "cannot-tell", "doubt": "control"}
            own[k] = row, numbers
        if k in said:
            check_growth(checks, "growth.csv " + "/".join(k), said[k], row, numbers)
    check_ratios(folder, checks, curves, own)


def key(row):
    return tuple(row[c] for c in ("source", "lookup", "packet", "target", "endpoints_count", "connections_count"))


def check_forks(folder, checks, said):
    """A row a fork: benchmark by benchmark, in the order of the files."""
    own = []
    folder_of_files = os.path.join(folder.path, "jmh")
    for name in sorted(os.listdir(folder_of_files)) if os.path.isdir(folder_of_files) else []:
        if name.endswith(".json"):
            for result in json.loads(folder.text(os.path.join("jmh", name))):
                factor = NANOSECONDS[result["primaryMetric"]["scoreUnit"]]
                for i, fork in enumerate(result["primaryMetric"]["rawData"]):
                    own.append((result, i, [v * factor for v in fork]))
    checks.same("jmh.csv rows", len(said), len(own))
    for row, (result, i, ns) in zip(said, own):
        where = f"jmh.csv {row['benchmark']} {result.get('params')} fork {i + 1}"
        checks.same(where, row["benchmark"], ".".join(result["benchmark"].split(".")[-2:]))
        checks.same(where + " fork", int(row["fork"]), i + 1)
        params = result.get("params") or {}
        for column, name in (("services_count", "services"), ("endpoints_count", "endpoints"), ("connections_count", "connections")):
            checks.same(f"{where} {column}", row[column], params.get(name, "NA"))
        mode = params.get("mode", "NA")
        checks.same(where + " lookup", row["lookup"], "iptables-legacy" if mode == "iptables" else mode)
        checks.near(where + " p50_ns", number(row["p50_ns"]), statistics.median(ns))
        checks.near(where + " min_ns", number(row["min_ns"]), min(ns))
        checks.near(where + " max_ns", number(row["max_ns"]), max(ns))
        beside = {
            column: last(result, "beside." + name, i)
            for column, name in (("other_cpu_pct", "other-cpu"), ("steal_pct", "steal"))}
        for column, value in beside.items():
            checks.near(f"{where} {column}", number(row[column]), value)
        checks.same(
            where + " disturbances", listed(row["disturbances"]),
            ["other-cpu"] * (beside["other_cpu_pct"] > 5) + ["cpu-stolen"] * (beside["steal_pct"] > 2))


def last(result, metric, fork):
    forks = (result.get("secondaryMetrics") or {}).get(metric, {}).get("rawData") or []
    return forks[fork][-1] if fork < len(forks) and forks[fork] else math.nan


def observations(jmh, kernel):
    """By what was measured; of a load of rules the medians over its rounds."""
    curves = defaultdict(list)
    for row in jmh:
        if "NA" not in (row["packet"], row["lookup"], row["services_count"]):
            target = "any" if row["target"] == "NA" else row["target"]
            name = ("model", row["lookup"], row["packet"], target, row["endpoints_count"], row["connections_count"])
            p50 = number(row["p50_ns"])
            curves[name].append(Observation(int(row["services_count"]), p50, p50, 0.0, row["disturbances"] != "none"))
    loads = defaultdict(list)
    for row in kernel:
        if row["target"] != "first":
            loads[source(row), lookup(row), row["packet"], row["target"], row["endpoints_count"], row["load"], row["services_count"]].append(row)
    for (where, what, packet, target, endpoints, _, services), rounds in loads.items():
        curves[where, what, packet, target, endpoints, "NA"].append(Observation(
            int(services),
            statistics.median(number(r["paired_p50_ns"]) for r in rounds),
            statistics.median(number(r["p50_ns"]) for r in rounds),
            max(number(r["clock_ns"]) for r in rounds),
            any(r["disturbances"] != "none" for r in rounds)))
    return curves


def source(row):
    return "guest-kernel" if row["testbed"] == "uml" else "kernel"


def lookup(row):
    if row["data_plane"] == "nftables" and row.get("kube_proxy") == "1.37":
        return "nftables-1.37"
    if row["data_plane"] != "iptables":
        return row["data_plane"]
    return "iptables-nft" if row["iptables_backend"] == "nft" else "iptables-legacy"


class Curve:
    """Means of loads by number of Services, and how loads of the same number differ: pooled, as a share of the cost."""

    def __init__(self, seen):
        self.loads = defaultdict(list)
        for o in sorted(seen, key=lambda o: o.services):
            self.loads[o.services].append(o)
        self.services = list(self.loads)
        self.count = {s: len(l) for s, l in self.loads.items()}
        self.ns = {s: statistics.fmean(o.ns for o in l) for s, l in self.loads.items()}
        self.call = {s: statistics.fmean(o.call for o in l) for s, l in self.loads.items()}
        self.freedom = sum(self.count.values()) - len(self.services)
        squares = sum(((o.ns - self.ns[s]) / self.call[s]) ** 2 for s, l in self.loads.items() for o in l)
        self.scatter = max(1e-6, math.sqrt(squares / self.freedom)) if self.freedom else math.nan
        self.variance = {
            s: (self.scatter * self.call[s]) ** 2 + max(o.clock for o in l) ** 2 / 12 for s, l in self.loads.items()}

    def often(self, loads):
        return [s for s in self.services if self.count[s] >= loads]

    def part(self, weights):
        """A weighted sum of means: its value, standard error and degrees of freedom."""
        value = sum(w * self.ns[s] for s, w in weights.items())
        error = math.sqrt(sum(w * w * self.variance[s] / self.count[s] for s, w in weights.items()))
        return value, error, self.freedom

    def slope(self, over=None):
        over = over or self.services
        mean = statistics.fmean(over)
        squares = sum((s - mean) ** 2 for s in over)
        return self.part({s: (s - mean) / squares for s in over})

    def lack_of_fit(self, f):
        """F test of a + b f(Services), each mean weighted by its variance."""
        free = len(self.services) - 2
        if not self.freedom or free < 1:
            return math.nan
        w = {s: self.count[s] / self.variance[s] for s in self.services}
        total = sum(w.values())
        mean_x = sum(w[s] * f(s) for s in w) / total
        mean_y = sum(w[s] * self.ns[s] for s in w) / total
        xx = sum(w[s] * (f(s) - mean_x) ** 2 for s in w)
        b = sum(w[s] * (f(s) - mean_x) * (self.ns[s] - mean_y) for s in w) / xx
        rest = sum(w[s] * (self.ns[s] - mean_y - b * (f(s) - mean_x)) ** 2 for s in w)
        return f_above(rest / free, free, self.freedom)


def interval(part):
    value, error, freedom = part
    half = t_quantile(0.975, freedom) * error if freedom else math.nan
    return value - half, value + half


def surely_above(part, bound):
    value, error, freedom = part
    return freedom > 0 and value - t_quantile(0.995, freedom) * error > bound


def growth(seen):
    """Words and whole numbers of a row, and its figures."""
    quiet = [o for o in seen if not o.disturbed]
    doubt = lacking(seen, quiet)
    used = seen if doubt == "disturbed" else quiet
    curve = Curve(used)
    line, other = curve.lack_of_fit(lambda s: s), curve.lack_of_fit(lambda s: s * math.log(s))
    trend = "cannot-tell"
    if not doubt:
        trend, doubt = told(curve, line, other)
    low, high = interval(curve.slope())
    steps = [
        (curve.ns[b] - curve.ns[a]) / (b - a) for a, b in zip(curve.services, curve.services[1:])]
    words = {
        "points_count": str(len(curve.services)), "loads_count": str(sum(curve.count.values())),
        "disturbed_count": str(len(seen) - sum(curve.count.values())), "fewest_services_count": str(curve.services[0]),
        "most_services_count": str(curve.services[-1]), "trend": trend, "doubt": doubt or "NA"}
    numbers = {
        "cost_fewest_ns": curve.call[curve.services[0]], "cost_most_ns": curve.call[curve.services[-1]],
        "slope_ns": curve.slope()[0], "slope_low_ns": low, "slope_high_ns": high,
        "slope_flattest_ns": min(steps), "slope_steepest_ns": max(steps), "fit_scatter_pct": 100 * curve.scatter,
        "fit_line_p": line, "fit_other_p": other, "margin_ns": MARGIN_NS}
    return words, numbers


def enough(seen):
    return bool(seen) and len(Curve(seen).often(LOADS)) >= POINTS


def lacking(seen, quiet):
    """What lacks for a verdict; None if nothing does."""
    if enough(quiet):
        return None
    few = "few-points" if len({o.services for o in seen}) < POINTS else "few-loads"
    if enough(seen) or len({o.services for o in quiet}) < 2:
        return few if len(seen) == len(quiet) else "disturbed"
    return few


def told(curve, line, other):
    fewest = curve.services[0]
    margin = MARGIN_NS * (curve.services[-1] - fewest)
    more = [curve.part({fewest: -1, s: 1}) for s in curve.services[1:]]
    if all(-margin < low and high < margin for low, high in map(interval, more)):
        return "constant", None
    rises = surely_above(curve.slope(), MARGIN_NS)
    if rises and line >= 0.01:
        return ("linear", None) if other < 0.01 else ("cannot-tell", "shape")
    if rises or any(surely_above(m, margin) for m in more):
        return "grows-otherwise", None
    return "cannot-tell", "scatter"


def grows(words):
    return words["trend"] in GROWING or words["doubt"] == "shape"


def check_growth(checks, where, said, words, numbers):
    for column, value in words.items():
        checks.same(f"{where} {column}", said[column], value)
    for column, value in numbers.items():
        # of tables with six digits, whose differences have fewer
        slack = 1e-4 * abs(numbers["cost_most_ns"]) / max(1, int(words["most_services_count"])) if column.startswith("slope") else 0
        if column in ("slope_flattest_ns", "slope_steepest_ns"):
            # from one number of Services to the next, the first two being 9 apart, of tables with six digits
            slack = max(slack, 1e-6 * abs(numbers["cost_most_ns"]) / 9 * 2)
        p = column.endswith("_p")
        checks.near(f"{where} {column}", number(said[column]), value, 2e-3 if p else 1e-4, 1e-5 if p else slack)


def fieller(upper, lower):
    """A ratio with its 95 % interval; None where the lower one may be 0."""
    (a, ea, fa), (b, eb, fb) = upper, lower
    if not fa or not fb:
        return None
    ratio = a / b
    x, y = ea * ea, (ratio * eb) ** 2
    freedom = fa if x + y == 0 else (x + y) ** 2 / (x * x / fa + y * y / fb)
    t = t_quantile(0.975, freedom)
    lowest = b * b - (t * eb) ** 2
    if lowest <= 0:
        return None
    middle = a * b / lowest
    half = math.sqrt(max(0.0, middle ** 2 - (a * a - (t * ea) ** 2) / lowest))
    return ratio, middle - half, middle + half


def check_ratios(folder, checks, curves, own):
    quiet = {k: Curve([o for o in seen if not o.disturbed]) for k, seen in curves.items() if any(not o.disturbed for o in seen)}
    expected = {}
    for k in curves:
        for name, value in (model_to(k, quiet, own), any_to_one(k, quiet), layouts(k, quiet, curves)):
            if value:
                expected[name, k[1], k[2], k[3]] = value
    columns = ("comparison", "lookup", "packet", "target")
    said = {tuple(r[c] for c in columns): r for r in folder.table("ratios.csv")}
    checks.same("ratios.csv rows", sorted(said), sorted(expected))
    for name, row in said.items():
        if name not in expected:
            continue
        services, loads, values, ratio = expected[name]
        where = "ratios.csv " + "/".join(name)
        checks.same(where + " services_counts", row["services_counts"], ";".join(map(str, services)))
        checks.same(where + " loads", [int(row["upper_loads_count"]), int(row["lower_loads_count"])], list(loads))
        for column, value in zip(("upper_ns", "lower_ns", "ratio", "ratio_low", "ratio_high"), (*values, *ratio)):
            checks.near(f"{where} {column}", number(row[column]), value, 1e-3)


def model_to(k, quiet, own):
    """Growth in the model against that in a kernel."""
    model = ("model", *k[1:])
    name = "model-to-" + k[0]
    if k[0] == "model" or not all(x in own and grows(own[x][0]) and x in quiet for x in (k, model)):
        # the model has no number of connections either, where it is of the first packet
        return name, None
    return name, compared(quiet[model], quiet[k], 3, lambda a, b, both: (a.slope(both), b.slope(both)))


def any_to_one(k, quiet):
    """A packet to any Service against one to the last, at the most Services; in kernels of the whole call."""
    one = (*k[:3], "last", *k[4:])
    name = "any-to-one-" + k[0]
    if k[3] != "any" or k[2] != "first" or k[1] in WALKED or k not in quiet or one not in quiet:
        return name, None

    def parts(a, b, both):
        most = both[-1]
        upper, lower = a.part({most: 1}), b.part({most: 1})
        if k[0] == "model":
            return upper, lower
        freedom = min(a.freedom, b.freedom)
        call = b.call[most]
        return (call + upper[0] - lower[0], math.hypot(upper[1], lower[1]), freedom), (call, 0.0, freedom)

    return name, compared(quiet[k], quiet[one], 1, parts, most_alone=True)


def layouts(k, quiet, curves):
    """A first packet in the older layout of nftables mode against the newer, at the most Services; in kernels of the whole call."""
    older = (k[0], "nftables", *k[2:])
    name = "layouts-" + k[0]
    if k[1] != "nftables-1.37" or k[2] != "first" or k[3] not in ("last", "any") or k not in quiet or older not in quiet:
        return name, None
    above, below = (
        Curve([Observation(o.services, o.call, o.call, o.clock, False) for o in curves[x] if not o.disturbed]) for x in (older, k))
    return name, compared(above, below, 1, lambda a, b, both: (a.part({both[-1]: 1}), b.part({both[-1]: 1})), most_alone=True)


def compared(above, below, points, parts, most_alone=False):
    both = [s for s in above.often(LOADS) if s in below.often(LOADS)]
    if len(both) < points:
        return None
    upper, lower = parts(above, below, both)
    ratio = fieller(upper, lower)
    if ratio is None:
        return None
    over = both[-1:] if most_alone else both
    return over, [sum(c.count[s] for s in over) for c in (above, below)], (upper[0], lower[0]), ratio
