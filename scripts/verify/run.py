"""A run's tables, as findings ask them. What a finding must say is its id, its tone and its figures."""
import math
from collections import defaultdict

from .folder import number



def span(values):
    """Lowest and highest; None if there is none."""
    finite = [v for v in values if math.isfinite(v)]
    return {"low": min(finite), "high": max(finite)} if finite else None


def given(**figures):
    """Without those that there are not."""
    return {name.replace("_", "-"): value for name, value in figures.items() if value is not None}


def any_of(n):
    return {"n": n} if n else None


class Run:
    """A run's tables, as findings ask them."""

    def __init__(self, folder):
        self.folder = folder
        self.cells = folder.measured()
        self.verdicts = {(r["cell_id"], r["unit"]): r for r in folder.table("verdicts.csv")}
        self.new_pods = folder.table("new_pods.csv")
        self.around = folder.table("around.csv")
        self.recovery = folder.table("recovery.csv")
        self.growth = folder.table("growth.csv")
        self.ratios = folder.table("ratios.csv")
        self.groups = defaultdict(list)
        for c in self.cells:
            self.groups[c.group].append(c)

    def repetitions(self, cells=None):
        return [r for c in (self.cells if cells is None else cells) for r in self.folder.repetitions(c)]

    def sum(self, cells, column):
        return sum(int(r[column]) for r in self.repetitions(cells))

    def verdict(self, cell, unit="connections"):
        return self.verdicts.get((cell.id, unit))

    def judged(self, unit="connections"):
        return [(c, self.verdict(c, unit)) for c in self.cells if self.verdict(c, unit)]

    def drawn(self):
        return [(c, v) for c, v in self.judged() if is_drawn(v)]

    def calm(self):
        return [c for c in self.cells if not c.provoking]

    def ledger(self, cell):
        return [row for r in self.folder.repetitions(cell) for row in self.folder.ledger[self.folder.at(r)]]

    def pods(self, repetition):
        return self.folder.distribution[self.folder.at(repetition)]

    def medians(self, cell, metric, keep=lambda repetition: True):
        """Medians of a cell's repetitions, where they are known."""
        values = []
        for r in self.folder.repetitions(cell):
            ns = number(r[metric + "_p50_ns"])
            exact = metric != "response" or number(r["response_exact_up_to_pct"]) >= 50
            if keep(int(r["repetition"])) and exact and ns > 0:
                values.append(ns)
        return values

    def control(self, cell):
        """The same data plane and pods with a new connection for each request."""
        return next((
            c for c in self.cells if c.behind_service and c.plain and not c.long_lived and c.testbed == cell.testbed
            and c.variant == cell.variant and c.pods == cell.pods), None)


def is_drawn(verdict):
    """Whether its pods are drawn, from all or within zones that have something to draw from."""
    drawn = verdict["choice"] == "draw" or verdict["choice"] == "zone-draw" and verdict["verdict"] != "descriptive"
    return drawn and int(verdict["pods_count"]) > 1


def adjusted(row):
    """Probabilities of both forms of the test of a cell or a matrix, as far as it was tested."""
    return [number(row[form + "_p_adjusted"]) for form in ("pooled", "stratified") if row[form + "_p"] != "NA"]


def alarm(verdict):
    return verdict["departure"] != "NA"


def unordered(parts):
    """A list whose order says nothing."""
    return sorted(parts, key=str)
