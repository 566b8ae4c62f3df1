"""verdicts.csv and matrices.csv against counts by pod, and laws against the ledger."""
import math
from collections import Counter, defaultdict

from . import chance
from .folder import number

UNITS = {"connections": "connections_count", "requests": "requests_count"}
FORMS = ("pooled", "stratified")
CLIENT_OPENS = 16


class Judged:
    """A cell whose Service did not change, with its counts by repetition and pod."""

    def __init__(self, folder, cell):
        self.cell = cell
        counted = folder.counted(cell)
        pods = len(folder.distribution[counted[0]]) if counted else 0
        self.at = [at for at in counted if len(folder.distribution[at]) == pods]
        self.counts = {
            unit: [[int(r[column]) for r in folder.distribution[at]] for at in self.at] for unit, column in UNITS.items()}
        self.zones = zones(folder, cell, self.at) if cell.choice == "zone-draw" else []
        self.drawn = any(z.tells for z in self.zones) if self.zones else cell.drawn and pods > 1

    def sums(self, unit):
        return [sum(c) for c in zip(*self.counts[unit])]


class Zone:
    """What the clients of a zone drew among pods that are theirs, repetition by repetition; each node is a zone."""

    def __init__(self, among):
        self.among = among
        self.counts = {}
        self.outside = 0

    @property
    def tells(self):
        return self.outside > 0 or len(self.among) > 1

    @property
    def sums(self):
        return [sum(c) for c in zip(*self.counts.values())]


def zones(folder, cell, repetitions):
    found = {}
    for at in repetitions:
        nodes = [r["node"] for r in folder.distribution[at]]
        index = {r["pod"]: i for i, r in enumerate(folder.distribution[at])}
        for row in folder.ledger[at]:
            if row["client_node"] == "NA":
                continue
            zone = found.setdefault((row["client_node"], among(nodes, row["client_node"])), Zone(among(nodes, row["client_node"])))
            counts = zone.counts.setdefault(at, [0] * len(zone.among))
            place = index.get(row["pod"])
            if place in zone.among:
                counts[zone.among.index(place)] += 1
            elif place is not None:
                zone.outside += 1
    return [found[key] for key in sorted(found)]


def among(nodes, zone):
    """The pods that rules on a node have: those of its zone, or all where that has none."""
    return tuple(i for i, n in enumerate(nodes) if n == zone) or tuple(range(len(nodes)))


def judged_cells(folder):
    cells = [Judged(folder, c) for c in folder.measured() if not c.changes]
    return [j for j in cells if j.at]


def family(folder, cells):
    """All tests, adjusted together: (cell or matrix, form) and the test with its adjusted probability."""
    tests = []
    for j in cells:
        if j.zones:
            tests += [((j.cell.id, form, i), t) for i, (form, t) in enumerate(of_zones(j.zones))]
        elif j.drawn:
            counts = j.counts["connections"]
            tests.append(((j.cell.id, "pooled"), chance.uniform([j.sums("connections")])))
            if sum(1 for c in counts if sum(c)) > 1:
                tests.append(((j.cell.id, "stratified"), chance.uniform(counts)))
    for key, matrix in matrices(folder).items():
        if matrix.tested:
            tests.append(((key, "pooled"), matrix.test([matrix.counts])))
            if len(matrix.repetitions) > 1:
                tests.append(((key, "stratified"), matrix.test(matrix.repetitions.values())))
    adjusted = chance.holm([t.p for _, t in tests])
    return {name: (test, p) for (name, test), p in zip(tests, adjusted)}


def of_zones(some):
    """Each zone for itself; a connection that went elsewhere is what no draw lets it do."""
    if any(z.outside for z in some):
        yield "pooled", chance.Test(math.nan, 0.0, 1.0, method="exact multinomial")
        return
    for zone in some:
        if len(zone.among) > 1:
            yield "pooled", chance.uniform([zone.sums])
            if sum(1 for c in zone.counts.values() if sum(c)) > 1:
                yield "stratified", chance.uniform(list(zone.counts.values()))


def check(folder, checks):
    cells = judged_cells(folder)
    tests = family(folder, cells)
    said = {(r["cell_id"], r["unit"]): r for r in folder.table("verdicts.csv")}
    checks.same("verdicts.csv rows", sorted(said), sorted((j.cell.id, unit) for j in cells for unit in UNITS))
    for j in cells:
        for unit in UNITS:
            if (j.cell.id, unit) in said:
                check_row(folder, checks, j, unit, said[j.cell.id, unit], tests)
    check_matrices(folder, checks, tests)


def check_row(folder, checks, j, unit, row, tests):
    where = f"verdicts.csv {j.cell.id} {unit}"
    counts, sums = j.counts[unit], j.sums(unit)
    n, k = sum(sums), len(sums)
    checks.same(where + " choice", row["choice"], j.cell.choice)
    checks.same(where + " repetitions_count", int(row["repetitions_count"]), len(counts))
    checks.same(where + " observed_count", int(row["observed_count"]), n)
    checks.same(where + " pods_count", int(row["pods_count"]), k)
    expected, low, high = chance.idle(tuple(map(sum, counts)), k)
    busiest, band = chance.max_over_mean(n, k), list(chance.band(n, k))
    if j.cell.choice == "zone-draw" and unit == "connections":
        expected, busiest, band = expected_of_zones(j, k)
        low = high = math.nan
    checks.near(where + " idle_mean_count", number(row["idle_mean_count"]), sum(c.count(0) for c in counts) / len(counts))
    checks.near(where + " idle_expected_count", number(row["idle_expected_count"]), expected, absolute=1e-300)
    checks.near(where + " idle_low_count", number(row["idle_low_count"]), low)
    checks.near(where + " idle_high_count", number(row["idle_high_count"]), high)
    checks.near(where + " max_over_mean", number(row["max_over_mean"]), max(sums) * k / n if n else math.nan)
    checks.near(where + " max_over_mean_expected", number(row["max_over_mean_expected"]), busiest, 2e-5)
    checks.near(where + " jain", number(row["jain"]), n * n / (k * sum(s * s for s in sums)) if n else math.nan)
    checks.same(where + " band", [int(row["band_low_count"]), int(row["band_high_count"])], band)
    verdict, departure, law = "descriptive", "NA", math.nan
    if unit == "connections" and j.drawn:
        verdict, departure = check_tests(checks, where, row, j, tests, n, k)
    elif unit == "connections":
        outcome = law_outcome(folder, j)
        if outcome:
            kept, law = outcome
            verdict = "too-few-to-tell" if kept and law > 0.2 else "by-design"
            departure = "NA" if kept else "law-broken"
    checks.same(where + " verdict", row["verdict"], verdict)
    checks.same(where + " departure", row["departure"], departure)
    checks.near(where + " law_met_by_draw_pct", number(row["law_met_by_draw_pct"]), 100 * law, 1e-4, 1e-9)


def expected_of_zones(j, k):
    """Of draws within zones: idle pods, the fullest over the mean, the band of all pods."""
    each = [[(sum(z.counts[at]), z.among) for z in j.zones if at in z.counts] for at in j.at]
    each = [parts for parts in each if parts]
    idle = sum(
        math.prod((1 - 1 / len(own)) ** n for n, own in parts if pod in own) for parts in each for pod in range(k)) / len(each) if each else math.nan
    parts = [(sum(z.sums), z.among) for z in j.zones]
    bands = []
    for pod in range(k):
        mine = [(n, len(own)) for n, own in parts if pod in own]
        found = [chance.band(n, own, 1 - 0.01 * own / (k * len(mine))) for n, own in mine]
        bands.append((sum(low for low, _ in found), sum(high for _, high in found)))
    band = [min(low for low, _ in bands), max(high for _, high in bands)]
    all_of = sum(n for n, _ in parts)
    apart = all(sum(pod in own for _, own in parts) <= 1 for pod in range(k))
    if not apart or not 0 < all_of <= 5000:
        return idle, math.nan, band
    busiest = 0.0
    for most in range(all_of):
        within = math.prod(chance.most_at_most(n, len(own), most) for n, own in parts if n)
        busiest += 1 - within
        if within > 1 - 1e-12:
            break
    return idle, busiest * k / all_of, band


def check_tests(checks, where, row, j, tests, n, k):
    """The words of a cell whose pods are drawn."""
    mine = check_forms(checks, where, row, j.cell.id, tests)
    level = chance.FAMILY_ERROR / max(1, len(tests))
    draws = [(sum(z.sums), len(z.among)) for z in j.zones if len(z.among) > 1] if j.zones else [(n, k)]
    try:
        # of several draws the one that tells least; shares as if all pods were in each
        found = max((chance.smallest_share(m, of, level) * of for m, of in draws), default=math.nan) / k
        twice = min((chance.power(m, of, level, 2 / of) for m, of in draws), default=0.0)
    except chance.TooLarge:
        checks.skipped += 2
        found = number(row["found_share_pct"]) / 100
        twice = number(row["twice_share_power_pct"]) / 100
    # it is looked for to three digits, from above
    checks.near(where + " found_share_pct above fair", number(row["found_share_pct"]) - 100 / k, 100 * (found - 1 / k), 2e-3)
    checks.near(where + " twice_share_power_pct", number(row["twice_share_power_pct"]), 100 * twice, 1e-4, 1e-6)
    least, decisive = min(mine, key=lambda t: (t[0], t[1].p))
    if least <= chance.FAMILY_ERROR:
        return "not-chance", decisive.side
    return ("too-few-to-tell" if twice < 0.8 else "consistent-with-chance"), "NA"


def check_forms(checks, where, row, of, tests):
    """Both forms of the test of a cell or a matrix: those that there are, each with what the row says of it after the correction."""
    mine = []
    for form in FORMS:
        found = [pair for key, pair in tests.items() if key[:2] == (of, form)]
        test, adjusted = min(found, key=lambda pair: pair[0].p, default=(None, math.nan))
        checks.near(f"{where} {form}_chi_square", number(row[f"{form}_chi_square"]), test.statistic if test else math.nan, absolute=1e-9)
        check_p(checks, f"{where} {form}_p", number(row[f"{form}_p"]), test, test.p if test else math.nan, 1)
        check_p(checks, f"{where} {form}_p_adjusted", number(row[f"{form}_p_adjusted"]), test, adjusted, len(tests))
        checks.same(f"{where} {form}_method", row[f"{form}_method"], test.method if test else "NA")
        if test:
            mine.append((number(row[f"{form}_p_adjusted"]), test))
    return mine


def check_p(checks, where, said, test, own, factor):
    """A probability, as well as it is known here."""
    error = test.error * factor if test else 0
    checks.near(where, said, own, 2e-5, max(error, 1e-12))


# --- laws of pods that are not drawn -----------------------------------------------------------------------------------------------------

def law_outcome(folder, j):
    """Whether the law was kept, and how often a fair draw keeps it; None where nothing can be told."""
    cell = j.cell
    ledger = any(folder.ledger[folder.at(r)] for r in folder.repetitions(cell))
    if cell.drawn or cell.choice == "zone-draw" or not ledger or cell.other_law:
        return None
    by_client = cell.choice in ("client-in-turn", "client-hash", "client-pinned")
    groups = [g for at in j.at for g in dealt(folder, cell, at, "client" if by_client else "client_node")]
    kept, met = True, 1.0
    for counts, callers, failed, outside in groups:
        n, k = sum(counts), len(counts)
        kept = kept and not outside
        if cell.choice in ("client-hash", "service-hash", "client-pinned", "client-first"):
            good, by_draw = sum(c > 0 for c in counts) <= 1, chance.all_on_one(n, k)
        elif cell.choice == "client-in-turn":
            good, spread = in_turn(counts, callers, failed)
            by_draw = chance.spread_at_most(n, k, spread)
        else:
            spread = 1 + failed
            if cell.choice == "least-active" and cell.row["opening"] != "spread":
                spread += min(CLIENT_OPENS, -(-cell.connections // cell.clients)) * cell.clients
            good, by_draw = max(counts) - min(counts) <= spread, chance.spread_at_most(n, k, spread)
        kept, met = kept and good, met * by_draw
    return kept, met


def dealt(folder, cell, at, by):
    """Connections that one client, or one node, dealt: by pod of those that its rules have; its callers; what failed in the repetition; and those to other pods."""
    nodes = [r["node"] for r in folder.distribution[at]]
    index = {r["pod"]: int(r["pod_index"]) - 1 for r in folder.distribution[at]}
    parts, clients, zone = defaultdict(Counter), defaultdict(set), {}
    for row in folder.ledger[at]:
        name = row[by] if row[by] != "NA" else row["client"]
        clients[name].add(row["client"])
        zone[name] = row["client_node"] if row["client_node"] != "NA" else row["client"]
        parts[name][index.get(row["pod"])] += 1
    summary = folder.summary[at]
    failed = int(summary["requests_failed_count"]) + int(summary["requests_unanswered_count"])
    for name, part in parts.items():
        callers = max(1, len(clients[name]) * cell.connections // cell.clients)
        own = among(nodes, zone[name]) if cell.same_zone else range(len(index))
        yield [part[i] for i in own], callers, failed, sum(part[i] for i in range(len(index)) if i not in own)


def in_turn(counts, callers, failed):
    """Each caller has one pod, and callers take pods in turn: a pod has what its callers open."""
    n, k = sum(counts), len(counts)
    least, most = n // callers, -(-n // callers)
    good = True
    for pod, c in enumerate(counts):
        mine = callers // k + (pod < callers % k)
        good = good and mine * least - failed <= c <= mine * most + failed
    return good, -(-callers // k) * most - callers // k * least + 2 * failed


# --- from node to node -------------------------------------------------------------------------------------------------------------------

class Matrix:
    """Connections from node to node, of cells that are alike."""

    def __init__(self, drawn):
        self.drawn = drawn
        self.counts = defaultdict(Counter)
        self.repetitions = defaultdict(lambda: defaultdict(Counter))
        self.pods = Counter()

    def add(self, at, client, pod):
        for counts in (self.counts, self.repetitions[at]):
            counts[client][pod] += 1

    @property
    def tested(self):
        return self.drawn and len(self.pods) > 1

    def test(self, parts):
        """Of parts of its connections, each for itself, summed."""
        columns = sorted(self.pods)
        rows = [[part[client][pod] for pod in columns] for part in parts for client in sorted(part)]
        return chance.matrix(rows, [self.pods[c] for c in columns])

    def expected(self, client, pod):
        return sum(self.counts[client].values()) * self.pods[pod] / sum(self.pods.values())


def matrices(folder):
    found = {}
    for cell in folder.measured():
        clustered = cell.testbed in ("kind", "cluster")
        if not cell.behind_service or cell.pinned or cell.same_zone or cell.changes or not (clustered or cell.nodes > 1):
            continue
        row = cell.row
        key = (cell.testbed, cell.plane, row["iptables_backend"], row["ipvs_scheduler"], str(cell.nodes), str(cell.pods))
        for at in folder.counted(cell):
            matrix = found.setdefault(key, Matrix(cell.drawn))
            if not matrix.pods:
                matrix.pods.update(r["node"] for r in folder.distribution[at])
            for c in folder.ledger[at]:
                if c["node"] != "NA" and c["client_node"] != "NA":
                    matrix.add(at, c["client_node"], c["node"])
    return {key: m for key, m in found.items() if len(m.pods) > 1 and m.counts}


def check_matrices(folder, checks, tests):
    found = matrices(folder)
    keys = ("testbed", "data_plane", "iptables_backend", "ipvs_scheduler", "nodes_count", "pods_count")
    said = {}
    for row in folder.table("matrices.csv"):
        said.setdefault(tuple(row[k] for k in keys), {})[row["client_node"], row["pod_node"]] = row
    checks.same("matrices.csv matrices", sorted(said), sorted(found))
    for key, matrix in found.items():
        for client in matrix.counts:
            for pod in matrix.pods:
                where = f"matrices.csv {'/'.join(key)} {client} {pod}"
                row = said.get(key, {}).get((client, pod))
                if row is None:
                    checks.fail(where, "no such row")
                    continue
                checks.same(where + " connections_count", int(row["connections_count"]), matrix.counts[client][pod])
                checks.near(where + " expected_count", number(row["expected_count"]), matrix.expected(client, pod))
                check_forms(checks, where, row, key, tests)
