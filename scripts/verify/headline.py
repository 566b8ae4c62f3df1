"""What the heading of a report must say, and its lines on the worst cell, idle pods and marks."""
from collections import Counter

from . import event_costs, of_cures
from .chance import FAMILY_ERROR
from .folder import listed, number
from .of_changes import REMOVALS, occurrences
from .of_pods import few_long_lived, idle_figures
from .of_requests import MARKS, OF_CONNECTIONS
from .run import adjusted, alarm, given, is_drawn, span


def heading(run):
    """Its tone, how its text begins (nothing where that does not matter), its figures, and whether it is an alarm."""
    tone, begins, figures, alarmed = found(run)
    if run.folder.manifest["status"] == "partial":
        asked, measured = asked_of(run), len(run.repetitions())
        stopped = f"Stopped with results of {measured:,} of {asked:,} repetition{'' if asked == 1 else 's'}. "
        return tone, stopped + begins, {"measured": measured, "asked": asked, "found": figures}, alarmed
    return tone, begins, figures, alarmed


def found(run):
    alarms = alarms_of(run)
    if alarms:
        return "bad", "", {"alarms": alarms}, True
    if not run.cells:
        return "unknown", "Nothing was measured.", {}, False
    blemishes = blemishes_of(run)
    if not run.sum(run.cells, "requests_answered_count"):
        return "bad" if blemishes else "unknown", "No request of the measure phase had an answer.", {}, False
    if blemishes:
        effect = of_cures.heading_of_whole(run) or (None if calm(run) else of_effects(run))
        said = {"effect": effect} if effect else {"counts": counts(run)}
        return "bad", "", {**said, "blemishes": blemishes}, False
    return (*fine(run), False)


def alarms_of(run):
    drawn = run.drawn()
    by_law = [(c, v) for c, v in run.judged() if not is_drawn(v) and v["verdict"] != "descriptive"]
    not_chance = sum(v["verdict"] == "not-chance" for _, v in drawn)
    broken = sum(alarm(v) for _, v in by_law)
    alarms = []
    if not_chance:
        alarms.append({"n": not_chance, "drawn": len(drawn)})
    if broken:
        alarms.append({"n": broken, "of": len(by_law)})
    if any(p <= FAMILY_ERROR for r in run.folder.table("matrices.csv") for p in adjusted(r)):
        alarms.append({})
    return alarms


def blemishes_of(run):
    strays = run.sum(run.cells, "connections_strays_count")
    differ = run.sum(run.cells, "cross_check_disagreements_count")
    lost = run.sum(run.calm(), "requests_failed_count") + run.sum(run.calm(), "requests_unanswered_count")
    doubtful = sum(bool(OF_CONNECTIONS & set(listed(r["marks"]))) for r in run.repetitions()) if not strays and not differ else 0
    return [{"n": n} for n in (strays, differ, lost, doubtful) if n]


def behind_service(run):
    return [(c, v) for c, v in run.judged() if c.behind_service]


def counts(run):
    found = Counter(v["verdict"] for _, v in behind_service(run))
    words = (("chance", "consistent-with-chance"), ("law", "by-design"), ("few", "too-few-to-tell"))
    parts = [{name: found[word]} for name, word in words if found[word]]
    return {"verdicts": parts} if parts else {}


def told(run):
    return any(v["verdict"] in ("consistent-with-chance", "by-design") for _, v in behind_service(run))


def calm(run):
    return any(not c.provoking for c, _ in behind_service(run))


def fine(run):
    weighed = of_cures.heading_of_whole(run)
    if weighed:
        return "plain", "", weighed
    tone = "good" if told(run) else "unknown"
    if calm(run):
        few = few_long_lived(run)
        return of_few(run, few) if few else (tone, "", {"counts": counts(run)})
    effect = of_effects(run)
    return ("plain", "", effect) if effect else (tone, "", {"counts": counts(run)})


def of_few(run, few):
    figures, as_chance = idle_figures(few)
    left = {"connections": figures["connections"], "pods": figures["pods"]}
    if not as_chance:
        return "unknown", "", {"left": left, "chance": figures["chance"]}
    if not told(run):
        return "unknown", "Too few connections to tell: ", {"left": left}
    fair = {(c.testbed, c.variant) for c, v in run.drawn() if c.drawn and v["verdict"] == "consistent-with-chance"}
    all_fair = all((c.testbed, c.variant) in fair for c, _ in few)
    own = all(v["verdict"] == "consistent-with-chance" for _, v in few)
    claim = "Chance, not a fault: " if own else "Too few to tell by themselves: " if all_fair else "No fault found: "
    return "good", claim, {"left": left}


def of_effects(run):
    """What events and idleness did; and what that leaves out."""
    known, left = known_effects(run), event_costs.left_out(run)
    return given(effect=known, left_out=left) if left else known


def known_effects(run):
    def rows(causes):
        return [row for each in occurrences(run, lambda o: o.cause in causes) for o in each for row in o.rows]

    def total(some, column):
        return sum(int(r[column]) for r in some)

    events = event_costs.heading(run)
    if events:
        return events
    added = span(
        100 * int(r["opened_to_added_count"]) / int(r["opened_count"]) for r in rows(("add-endpoints",)) if int(r["opened_count"]))
    if added:
        return {"span": added}
    removals = rows(REMOVALS)
    if total(removals, "leaving_count"):
        return {"kept": total(removals, "leaving_kept_count"), "all": total(removals, "leaving_count")}
    return of_idle(run)


def of_idle(run):
    """What each data plane lost of its idle connections, by what clients sent to keep them; those that lost any first."""
    variants = {}
    for c in run.cells:
        open_then, kept = (
            sum(int(row[column]) for r in run.repetitions([c]) for row in run.folder.effects[run.folder.at(r)] if row["cause"] == "idle")
            for column in ("open_count", "open_kept_count"))
        if open_then:
            interval = c.settings.get("keep-alive-interval") if c.row["keep_alive"] != "none" else None
            by = variants.setdefault(c.variant, {"cell": c.id, "by": {}})["by"]
            counts = by.setdefault((c.row["keep_alive"], interval), [0, 0])
            counts[0] += open_then - kept
            counts[1] += open_then
    each = []
    for v in variants.values():
        parts = [(kept_by(*how), counts) for how, counts in v["by"].items()]
        if not sum(lost for _, (lost, _) in parts):
            parts = [(None, (0, sum(of for _, (_, of) in parts)))]
        each.append({"variant": v["cell"], "parts": [given(lost=lost, open=of, how=how) for how, (lost, of) in parts]})
    each.sort(key=lambda e: not sum(p["lost"] for p in e["parts"]))
    return {"each": each} if each else None


def kept_by(keep_alive, interval):
    if keep_alive == "none":
        return "without a keep-alive"
    return f"with keep-alive {keep_alive}" + (f" every {interval}" if interval else "")


def worst(run):
    """The cell to look at first, and the figures that are said of it: alarms first, then the busiest pod of requests."""
    requests = {c.id: number(v["max_over_mean"]) for c, v in run.judged("requests") if v["max_over_mean"] != "NA"}
    alarms = [(c, v) for c, v in run.judged() if alarm(v)]
    if alarms:
        def order(each):
            chance = each[1]["verdict"] == "not-chance"
            return not chance, decisive(each[1]) if chance else 1, -requests.get(each[0].id, -1)
        cell, verdict = min(alarms, key=order)
        return cell, [number(verdict["max_over_mean"]), decisive(verdict)]
    known = [(c, [requests[c.id]]) for c in run.cells if c.behind_service and c.id in requests]
    return max(known, key=lambda k: k[1][0], default=None) or event_costs.dearest(run)


def decisive(verdict):
    known = [number(verdict[form + "_p_adjusted"]) for form in ("pooled", "stratified") if verdict[form + "_p_adjusted"] != "NA"]
    return min(known, default=1)


def idle(run):
    few = few_long_lived(run)
    return {**idle_figures(few)[0], "cells": len(few)} if few else event_costs.new_pods(run)


def asked_of(run):
    return sum(int(c.row["repetitions_count"]) for c in run.folder.cells.values())


def marks(run):
    rows = run.repetitions()
    found = Counter(m for r in rows for m in listed(r["marks"]))
    asked = asked_of(run)
    return given(
        marked=sum(r["marks"] != "none" for r in rows) or None, all=len(rows), missing=asked - len(rows), asked=asked, each=[{"n": found[m]} for m in MARKS if found[m]])
