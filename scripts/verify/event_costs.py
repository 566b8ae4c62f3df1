"""What the heading of a run says of its events, and the lines on the dearest cell and on pods that joined."""
import math

from .folder import listed, number
from .of_changes import ENDPOINTS, Occurrence
from .run import any_of, given, span


AGREE = 1.5


class Cost:
    """What a cell's events cost, all repetitions together."""

    def __init__(self, run, cell, events, repetitions):
        first = events[0]
        self.cell = cell
        self.spared = all(e.spared for e in events)
        self.due = sum(int(r["requests_due_count"]) for r in repetitions)
        self.lost = self.due - sum(int(r["requests_answered_count"]) for r in repetitions)
        self.open = first.sum("open_count")
        self.ended = first.broken
        these = {run.folder.at(r) for r in repetitions}
        self.joined = [p for p in run.new_pods if run.folder.at(p) in these]
        self.first = [number(p["first_connection_after_ms"]) for p in self.joined]
        self.events = named(cell)

    @property
    def share(self):
        return self.lost / self.due if self.due else 0


def kinds(cell):
    """Words of the events of a cell."""
    return {e.split("=")[0] for e in cell.row["events"].split(";")}


def named(cell):
    """What was done: each event as its kind, what it is done to, and the hook before SIGTERM; of a change of mode also from which; and who sends again."""
    events = " and ".join(done(e.split("@")[0].split(",")) for e in cell.row["events"].split(";"))
    events += " from " + cell.row["data_plane"] if "change-mode" in kinds(cell) else ""
    return events + (", retried by the library" if cell.retries else "")


def hurried(repetition):
    return "client-short-of-cpu" in listed(repetition["marks"])


def done(words):
    hook = [w for w in words[1:] if w.startswith("pre-stop=") and w != "pre-stop=0ms"]
    return " ".join([words[0], *hook]).replace("=", " ")


def cut_short(repetition):
    return "event-cut-short" in listed(repetition["marks"])


def left_out(run):
    """Repetitions that ended before an event was over, of which nothing is told; None if there are none."""
    cells = [[cut_short(r) for r in run.folder.repetitions(c)] for c in run.cells]
    cells = [c for c in cells if any(c)]
    return given(repetitions=sum(map(sum, cells)), cells=len(cells), wholly=any_of(sum(map(all, cells)))) if cells else None


def costs(run):
    """Those of all cells of which an event is known to have done something: of repetitions in which none was cut short, without clients short of CPU where others were not."""
    over, told = over_and_told(run)
    found = []
    for cell in run.cells:
        repetitions = [r for r in over[cell.id] if named(cell) not in told or not hurried(r)]
        events = events_of(run, cell, repetitions)
        if events:
            found.append(Cost(run, cell, events, repetitions))
    return found


def over_and_told(run):
    """Repetitions by cell in which no event was cut short; and the events that clients with CPU to spare saw."""
    over = {c.id: [r for r in run.folder.repetitions(c) if not cut_short(r)] for c in run.cells}
    return over, {named(c) for c in run.cells for r in over[c.id] if not hurried(r)}


def hurried_ones(run):
    """How many repetitions are left out because clients were short of CPU, of events that are not of endpoints alone."""
    over, told = over_and_told(run)
    some = [c for c in run.cells if c.row["events"] != "none" and not kinds(c) <= set(ENDPOINTS) and named(c) in told]
    return sum(hurried(r) for c in some for r in over[c.id])


def events_of(run, cell, repetitions):
    """The events of a cell, each in all of some repetitions."""
    places = {}
    for r in repetitions:
        for place, row in enumerate(run.folder.effects[run.folder.at(r)]):
            if row["cause"] != "idle":
                places.setdefault((place, row["cause"]), []).append(row)
    return [Occurrence(cell, place, cause, rows) for (place, cause), rows in places.items()]


def heading(run):
    """Its figures; None if no event but of endpoints did anything."""
    some = [c for c in costs(run) if c.due and not c.spared and not kinds(c.cell) <= set(ENDPOINTS)]
    if not some:
        return None
    by_events = {}
    for c in some:
        by_events.setdefault(c.events, []).append(c)
    joined = sum(len(c.joined) for c in some)
    return given(
        each=[part(events, group) for events, group in sorted(by_events.items(), key=lambda e: -share(e[1]))],
        joined={"pods": joined, "reached": sum(math.isfinite(f) for c in some for f in c.first)} if joined else None,
        hurried=any_of(hurried_ones(run)))


def share(some):
    return sum(c.lost for c in some) / sum(c.due for c in some)


def part(events, group):
    return given(lost=sum(c.lost for c in group), due=sum(c.due for c in group), events=events, range=range_of(group))


def range_of(group):
    """Who lost the least and the most, by protocol and cure; None where they agree."""
    ways = {}
    for c in group:
        ways.setdefault((c.cell.protocol, c.cell.cure, c.cell.row["ipvs_scheduler"].replace("NA", "rr")), []).append(c)
    low, high = min(ways.values(), key=share), max(ways.values(), key=share)
    if share(high) <= AGREE * share(low):
        return None
    return {
        name: {"lost": sum(c.lost for c in some), "due": sum(c.due for c in some), "way": some[0].cell.id}
        for name, some in (("least", low), ("most", high))}


def dearest(run):
    """The cell that lost most of its requests, else most of its connections; and what is said of it."""
    some = [c for c in costs(run) if c.due]
    if not some:
        return None
    worst = max(some, key=lambda c: (not c.spared, c.share, c.ended / c.open if c.open else 0))
    return worst.cell, [worst.lost, worst.due, *([worst.ended, worst.open] if worst.open else [])]


def new_pods(run):
    """What is said of pods that joined; None if there are none."""
    first = [f for c in costs(run) for f in c.first]
    after = span(first)
    return given(
        without=sum(math.isnan(f) for f in first), pods=len(first), first={"after": after} if after else None) if first else None
