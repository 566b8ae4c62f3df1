"""What findings about changes of the Service, idleness and settings must say."""
import math
import re

from .folder import listed, number
from .run import any_of, given, span

REMOVALS = ("remove-endpoints", "delete-endpoints")
ENDPOINTS = ("add-endpoints", *REMOVALS)
SCALES = ("scale", *ENDPOINTS)


class Occurrence:
    """What one cause did in one cell, in all repetitions."""

    def __init__(self, cell, place, cause, rows):
        self.cell, self.place, self.cause, self.rows = cell, place, cause, rows

    def sum(self, column):
        return sum(int(r[column]) for r in self.rows)

    @property
    def broken(self):
        return self.sum("open_reset_count") + self.sum("open_closed_count")

    @property
    def spared(self):
        """Whether pods were struck, and none that a connection was open on."""
        struck = [int(n) for n in (r.get("open_struck_count", "NA") for r in self.rows) if n != "NA"]
        return bool(struck) and not sum(struck)

    @property
    def noticed(self):
        return span(number(r["notice_p50_ms"]) for r in self.rows)


def occurrences(run, which):
    """By group of cells that differ in the data plane alone, and by place among the causes."""
    for group in run.groups.values():
        found = {}
        for cell in group:
            places = {}
            for r in run.folder.repetitions(cell):
                for place, row in enumerate(run.folder.effects[run.folder.at(r)]):
                    places.setdefault((place, row["cause"]), []).append(row)
            for (place, cause), rows in places.items():
                found.setdefault((place, cause), []).append(Occurrence(cell, place, cause, rows))
        for each in found.values():
            each = [o for o in each if which(o)]
            if each:
                yield each


def named(ident, each):
    first = each[0]
    return f"{ident}-{first.cell.id}" + (f"-{first.place + 1}" if first.place else "")


def of_ageing(run):
    for each in occurrences(run, lambda o: o.cause == "idle"):
        parts = []
        for o in each:
            broken = None
            if o.broken:
                broken = {"n": o.broken}
                if o.noticed:
                    broken.update(reset=o.sum("open_reset_count"), after=o.noticed)
            parts.append(given(
                variant=o.cell.id, kept=o.sum("open_kept_count"), open=o.sum("open_count"), broken=broken,
                unanswered=any_of(o.sum("open_unanswered_count"))))
        yield named("idle-connections", each), "plain", {"each": parts}


def of_removals(run):
    for each in occurrences(run, lambda o: o.cause in REMOVALS):
        parts = []
        for o in each:
            leaving, opened = o.sum("leaving_count"), o.sum("opened_count")
            parts.append(given(
                variant=o.cell.id,
                went={"kept": o.sum("leaving_kept_count"), "leaving": leaving} if leaving else {},
                came={"to": o.sum("opened_to_removed_count"), "opened": opened} if opened else {},
                broken={"broken": o.broken, "open": o.sum("open_count"), "after": o.noticed} if o.noticed else None,
                failed=any_of(o.sum("failures_count"))))
        yield named("deletion" if each[0].cause == "delete-endpoints" else "removal", each), "plain", {"each": parts}


def of_ports_moved(run):
    for each in occurrences(run, lambda o: o.cause in REMOVALS and o.sum("ports_again_count") > 0):
        yield named("ports-moved", each), "plain", {"each": [{
            "variant": o.cell.id,
            "moved": span(
                100 * int(r["ports_moved_count"]) / int(r["ports_again_count"]) for r in o.rows if int(r["ports_again_count"])),
            "again": o.sum("ports_again_count")} for o in each]}


def of_scale_out(run):
    for each in occurrences(run, lambda o: o.cause == "add-endpoints"):
        events = [e for o in each for row in o.rows for e in the_joining(run, row)]
        was_open = [c for o in each for row in o.rows for c in open_at(run, row)]
        strays = sum(int(c["strays_count"]) > 0 for c in was_open)
        pods = span(int(e["pods_count"]) for e in events)
        yield named("scale-out", each), "plain", given(
            each=[scale_out_part(o) for o in each],
            joined={"joining": pods, "before": span(int(e["endpoints_count"]) - int(e["pods_count"]) for e in events)} if pods else None,
            share={"equal": span(100 * int(e["pods_count"]) / int(e["endpoints_count"]) for e in events)} if pods else None,
            stayed={"open": len(was_open), "strays": strays} if was_open else None)


def scale_out_part(o):
    added = span(100 * int(r["opened_to_added_count"]) / int(r["opened_count"]) for r in o.rows if int(r["opened_count"]))
    return given(variant=o.cell.id, added=added, opened=o.sum("opened_count") if added else None)


def of_events(run):
    def is_one(o):
        return o.cause not in ("idle", *ENDPOINTS) and o.sum("open_count") > 0

    def free(o):
        seen = sum(o.sum(c) for c in ("open_unanswered_count", "failures_count")) + o.broken
        return not o.spared and not seen and not lost_since(run, o)

    yield from folded("event-without-loss", occurrences(run, lambda o: is_one(o) and free(o)))
    for each in occurrences(run, lambda o: is_one(o) and not free(o)):
        yield named("event", each), "plain", {"each": [
            given(
                variant=o.cell.id, broken=o.broken, open=o.sum("open_count"),
                unanswered=any_of(o.sum("open_unanswered_count")), failed=o.sum("failures_count"), lost=lost_since(run, o))
            for o in each]}


def folded(ident, groups):
    """One finding of all events of which there is the same to say."""
    all_ = [{"cell": o.cell.id} for each in groups for o in each]
    if all_:
        yield ident, "plain", {"n": len(all_), "each": all_}


def lost_since(run, occurrence):
    """Requests due from the event until the next that had no answer; None if there were none. around.py holds the rows to due.hlog."""
    rows = [r for r in of_around(run, occurrence, "since") if r["response_censored_count"] != "NA"]
    lost = sum(int(r["response_censored_count"]) for r in rows)
    return {"lost": lost, "due": sum(int(r["response_count"]) for r in rows)} if lost else None


def of_silence(run):
    """By protocol and testbed: what clients had against a pod that falls silent, where that is all that happens."""
    clients = {}
    for cell in run.cells:
        if [e.split("=")[0] for e in listed(cell.row["events"])] == ["power-off"]:
            rows = [e for r in run.folder.repetitions(cell) for e in run.folder.effects[run.folder.at(r)] if e["cause"] == "power-off"]
            if rows:
                clients.setdefault((cell.protocol, cell.testbed), {}).setdefault(means(cell), []).append((cell, rows))
    for (protocol, testbed), by in clients.items():
        told = []
        for has, some in by.items():
            o = Occurrence(some[0][0], 0, "power-off", [r for _, rows in some for r in rows])
            struck = sum(int(r["open_struck_count"]) for r in o.rows if r.get("open_struck_count", "NA") != "NA")
            if struck:
                told.append((o.cell, given(
                    means=has, broken=o.broken, struck=struck, after={"after": o.noticed} if o.noticed else None)))
        if any(part["means"] != "nothing" for _, part in told):
            yield f"silence-{told[0][0].id}", "plain", {"each": [part for _, part in told]}


def means(cell):
    pings, again = cell.row["keep_alive"], cell.settings.get("tcp-retries")
    every = cell.settings.get("keep-alive-interval", "1s")
    words = ([] if pings == "none" else [f"keep-alive {pings} every {every}"]) + ([f"tcp-retries {again}"] if again else [])
    return " and ".join(words) or "nothing"


def of_retries(run):
    """What retries made of an event, beside the same cell without them where it was watched as often."""
    for each in occurrences(run, lambda o: without_retries(run, o)):
        parts = []
        for o in each:
            own, other = recoveries(run, o), recoveries(run, without_retries(run, o))
            parts.append({
                "variant": o.cell.id, "failed": sum(int(r["failed_count"]) for r in own),
                "retried": {"n": sum(int(r["retried_count"]) for r in own)},
                "without": sum(int(r["failed_count"]) for r in other)})
        yield named("retries", each), "plain", {"each": parts}


def without_retries(run, with_them):
    watched = len(recoveries(run, with_them))
    if not with_them.cell.retries or not watched:
        return None
    unretried = with_them.cell.row["cell"].replace(" retries=library", "")
    for cell in run.cells:
        if cell.testbed != with_them.cell.testbed or cell.row["cell"] != unretried:
            continue
        other = at_place(run, cell, with_them)
        if len(recoveries(run, other)) == watched:
            return other
    return None


def of_hooks(run):
    """What a preStop hook made of an event, beside the same cell without it where requests due were recorded as often."""
    for each in occurrences(run, lambda o: without_hook(run, o)):
        yield named("pre-stop", each), "plain", {"each": [
            {"variant": o.cell.id, "with": lost_of(run, o), "without": lost_of(run, without_hook(run, o))} for o in each]}


def without_hook(run, with_it):
    recorded = len(due_since(run, with_it))
    hooks = [re.search(r"pre-stop=(\d+)ms", e) for e in listed(with_it.cell.row["events"]) if e.split("=")[0] == with_it.cause]
    if not recorded or not any(h and int(h[1]) for h in hooks):
        return None
    hookless = re.sub(r"pre-stop=\d+ms", "pre-stop=0ms", with_it.cell.row["cell"])
    for cell in run.cells:
        alike = cell.row["cell"] == hookless and cell.testbed == with_it.cell.testbed
        other = at_place(run, cell, with_it) if alike else None
        if other and len(due_since(run, other)) == recorded:
            return other
    return None


def at_place(run, cell, like):
    """The same cause at the same place in another cell."""
    rows = []
    for r in run.folder.repetitions(cell):
        effects = run.folder.effects[run.folder.at(r)]
        rows += [e for e in effects[like.place:like.place + 1] if e["cause"] == like.cause]
    return Occurrence(cell, like.place, like.cause, rows)


def due_since(run, occurrence):
    return [r for r in of_around(run, occurrence, "since") if r.get("due_count", "NA") != "NA"]


def lost_of(run, occurrence):
    rows = due_since(run, occurrence)
    return {
        "lost": sum(int(r["due_failed_count"]) + int(r["due_unanswered_count"]) for r in rows),
        "due": sum(int(r["due_count"]) for r in rows)}


def recoveries(run, occurrence):
    """Rows of recovery.csv of one cause, all repetitions; around.py holds them to the bins."""
    keys = {(run.folder.at(row), e["event"], e["asked_ms"]) for row in occurrence.rows for e in the_event(run, row)}
    return [r for r in run.recovery if (run.folder.at(r), r["event"], r["asked_ms"]) in keys]


def of_new_pods(run):
    for each in occurrences(run, lambda o: not o.cell.proxied and new_pods(run, o)):
        parts = []
        for o in each:
            pods = new_pods(run, o)
            first = [number(p["first_connection_after_ms"]) for p in pods]
            after = span(first)
            parts.append(given(
                variant=o.cell.id, got=sum(not math.isnan(f) for f in first), pods=len(pods),
                first={"after": after} if after else None,
                older=older_of(pods)))
        yield named("new-pods", each), "plain", {"each": parts}


def older_of(pods):
    """Of connections of pods that joined, those that are older; None if there are none."""
    connections = sum(int(p["connections_count"]) for p in pods)
    return {"n": sum(int(p["older_connections_count"]) for p in pods), "connections": connections} if connections else None


def new_pods(run, occurrence):
    """Rows of new_pods.csv of one cause, all repetitions; around.py holds them to ledger and events."""
    keys = {(run.folder.at(row), e["event"], e["asked_ms"]) for row in occurrence.rows for e in the_event(run, row)}
    return [p for p in run.new_pods if (run.folder.at(p), p["event"], p["asked_ms"]) in keys]


def of_autoscalers(run):
    def alike(o):
        return all(r["replicas_by_mean_count"] == r["replicas_by_hottest_count"] for r in after(run, o))

    yield from folded("autoscaler-alike", occurrences(run, lambda o: after(run, o) and alike(o)))
    for each in occurrences(run, lambda o: after(run, o) and not alike(o)):
        parts = []
        for o in each:
            rows = after(run, o)
            parts.append(given(
                variant=o.cell.id, pods=span(int(r["pods_count"]) for r in rows),
                times=span(number(r["hottest_per_s"]) / number(r["mean_per_s"]) for r in rows),
                mean=span(int(r["replicas_by_mean_count"]) for r in rows),
                hottest=span(int(r["replicas_by_hottest_count"]) for r in rows)))
        yield named("autoscaler", each), "plain", {"each": parts}


def after(run, occurrence):
    """Rows of around.csv of the second after endpoints came or went, where an autoscaler has a target; around.py holds them to the bins."""
    known = [r for r in of_around(run, occurrence, "after") if r["replicas_by_mean_count"] != "NA" and number(r["hottest_per_s"]) > 0]
    return known if occurrence.cause in SCALES else []


def of_around(run, occurrence, window):
    keys = {(run.folder.at(row), e["event"], e["asked_ms"]) for row in occurrence.rows for e in the_event(run, row)}
    return [r for r in run.around if (run.folder.at(r), r["event"], r["asked_ms"]) in keys and r["window"] == window]


def the_event(run, effect):
    return [
        e for e in run.folder.events[run.folder.at(effect)] if e["event"] == effect["cause"] and e["begun_ms"] == effect["from_ms"]][:1]


def the_joining(run, effect):
    """The step at which endpoints joined: on clusters the first is that the API was changed."""
    return [
        e for first in the_event(run, effect) for e in run.folder.events[run.folder.at(effect)]
        if (e["event"], e["asked_ms"]) == (first["event"], first["asked_ms"]) and e.get("step", "joined") == "joined"][:1]


def open_at(run, effect):
    start = number(effect["from_ms"])
    for c in run.folder.ledger[run.folder.at(effect)]:
        born = number(c["born_ms"])
        if born < start and (c["lived_ms"] == "NA" or born + number(c["lived_ms"]) > start):
            yield c


def of_port_reuse(run):
    for group in run.groups.values():
        cells = [
            (c, run.verdict(c)) for c in group
            if "conn-reuse-mode" in c.settings and run.verdict(c) and int(run.verdict(c)["observed_count"])]
        if cells:
            yield "port-reuse-" + cells[0][0].id, "plain", {"each": [{
                "variant": c.id, "busiest": number(v["max_over_mean"]), "idle": number(v["idle_mean_count"]),
                "pods": int(v["pods_count"])} for c, v in cells]}


def of_full_table(run):
    cells = [c for c in run.cells if "conntrack-max" in c.settings]
    if not cells:
        return
    parts = []
    for c in cells:
        after = span(number(r["failure_p50_ns"]) for r in run.folder.repetitions(c))
        parts.append(given(
            title=c.id, answered=run.sum([c], "requests_answered_count"), due=run.sum([c], "requests_due_count"),
            failed=run.sum([c], "requests_failed_count"), after={"after": after} if after else None))
    yield "full-table", "plain", {"each": parts}
