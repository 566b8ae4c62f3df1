"""new_shares.csv: connections on pods that joined, moment by moment, against ledger and theory."""
from .cures import TOLERANCE, groups, kept_client, renewed
from .effects import Connection, happened
from .folder import listed, number
from .around import step_of

STRETCHES = 20


def check(folder, checks):
    there = {}
    for row in folder.table("new_shares.csv"):
        there.setdefault(row["cell_id"], []).append(row)
    # a folder whose report was made before there was such a table has none
    if not there and "new-shares-" not in (folder.text("report/report.md") if folder.exists("report/report.md") else ""):
        return
    all_ = {c.id: (c, r) for g in groups(folder) for c in g for r in [renewed(folder, c)] if r}
    checks.same("new_shares.csv cells", sorted(there), sorted(all_))
    for ident in there.keys() & all_.keys():
        check_cell(checks, f"new_shares.csv {ident}", there[ident], Shares(folder, *all_[ident]))


def check_cell(checks, where, rows, own):
    moments = own.moments()
    checks.same(where + " rows", len(rows), len(moments))
    for row, after in zip(rows, moments):
        at = f"{where} {row['after_ms']}"
        checks.near(at + " after_ms", number(row["after_ms"]), after)
        open_ = own.open(after)
        checks.same(at + " open_count", int(row["open_count"]), len(open_))
        checks.same(at + " new_count", int(row["new_count"]), sum(open_))
        low, expected, high = own.expected(after)
        for column, value in (("least", low), ("expected", expected), ("most", high)):
            checks.near(f"{at} {column}_pct", number(row[column + "_pct"]), 100 * value, absolute=1e-9)


class Shares:
    """Connections that lead to pods, in milliseconds after pods had joined."""

    def __init__(self, folder, cell, renewal):
        self.renewal, self.stretch = renewal, cell.measure_ms / STRETCHES
        self.watched, self.lives, self.old = float("inf"), [], []
        end = cell.warmup_ms + cell.idle_ms + cell.measure_ms
        for at in folder.counted(cell):
            steps = [s for s in happened(folder.events[at])[0][0] if step_of(s) == "joined"]
            added = {p for s in steps for p in listed(s["pods"])}
            start = max(number(s["done_ms"]) for s in steps)
            fair = len(added) / (cell.pods + len(added))
            self.watched = min(self.watched, end - start)
            for c in map(Connection, folder.ledger[at]):
                if c.pod != "NA":
                    new = c.pod in added
                    self.lives.append((c.born, c.died, start, new))
                    if c.born <= start < c.died:
                        self.old.append((start - c.born, new, new if kept_client(cell) else fair))

    def moments(self):
        return [i * self.stretch for i in range(STRETCHES + 1) if i * self.stretch <= self.watched] if self.old else []

    def open(self, after):
        """Of each that is open whether it is on a pod that joined."""
        return [new for born, died, start, new in self.lives if born <= start + after < died]

    def expected(self, after):
        """The least, what is expected, and the most."""
        of = self.renewal
        each = [self.share(*how, after) for how in ((1 + TOLERANCE, of.gap), (1, of.gap / 2), (1 - TOLERANCE, 0))]
        n = len(self.old)
        return sum(map(min, each[0], each[2])) / n, sum(each[1]) / n, sum(map(max, each[0], each[2])) / n

    def share(self, times, lag, after):
        """How likely each is on such a pod by then."""
        result = []
        for age, new, drawn in self.old:
            before = self.renewal.ended(times, age - lag)
            anew = 1 if before >= 1 else (self.renewal.ended(times, age + after - lag) - before) / (1 - before)
            result.append(new + anew * (drawn - new))
        return result
