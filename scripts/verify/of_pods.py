"""What findings about pods that are reached, idle or busy must say."""
from .folder import number
from .run import alarm, given, is_drawn, span


def few_long_lived(run):
    """Cells with the fewest long-lived connections whose pods are drawn, with their verdicts."""
    able = [
        c for c in run.cells
        if c.behind_service and c.plain and c.long_lived and c.drawn and c.pooling == "dedicated"]
    if not able:
        return []
    few = min(able, key=lambda c: c.connections)
    alike = [
        c for c in able
        if (c.testbed, c.connections, c.pods, c.clients) == (few.testbed, few.connections, few.pods, few.clients)]
    return [(c, run.verdict(c)) for c in alike if run.verdict(c) and is_drawn(run.verdict(c))]


def idle_figures(few):
    """Figures of connections, pods, and what chance leaves."""
    first = few[0][0]
    opened = span(int(v["observed_count"]) / int(v["repetitions_count"]) for _, v in few)
    all_opened = opened["low"] == opened["high"] == first.connections
    low = span(number(v["idle_low_count"]) for _, v in few)
    high = span(number(v["idle_high_count"]) for _, v in few)
    within = sum(number(v["idle_low_count"]) <= number(v["idle_mean_count"]) <= number(v["idle_high_count"]) for _, v in few)
    one = low["low"] == low["high"] and high["low"] == high["high"]
    return {
        "connections": given(opened=None if all_opened else opened, asked=first.connections),
        "pods": {"idle": span(number(v["idle_mean_count"]) for _, v in few), "pods": first.pods},
        "chance": {
            "expected": span(number(v["idle_expected_count"]) for _, v in few),
            "usual": {"range": {"low": low["low"], "high": high["high"]}} if one else {"within": within, "n": len(few)}},
    }, within == len(few)


def of_idle(run):
    few = few_long_lived(run)
    if not few:
        return
    figures, _ = idle_figures(few)
    controls = {c.id: c for c in (run.control(c) for c, _ in few) if c}
    rows = [run.verdict(c, "requests") for c in controls.values() if run.verdict(c, "requests")]
    idle = span(number(v["idle_mean_count"]) for v in rows)
    yield "idle-pods", "bad" if any(alarm(v) for _, v in few) else "plain", given(
        **figures, cells=len(few), control={"idle": idle, "cells": len(rows)} if idle else None)


def of_evenness(run):
    judged = [(c, v) for c, v in run.judged("requests") if is_drawn(v) and not c.provoking]
    known = [(c, number(v["max_over_mean"])) for c, v in judged if v["max_over_mean"] != "NA"]
    kept = [(c, x) for c, x in known if c.long_lived and c.pooling == "dedicated"]
    shared = [(c, x) for c, x in known if c.long_lived and c.pooling == "shared"]
    fresh = [(c, x) for c, x in known if not c.long_lived]
    parts = [{"span": span(x for _, x in part), "cells": len(part)} for part in (kept, shared, fresh) if part]
    if not parts:
        return
    less = compared = 0
    for c, x in kept:
        control = run.control(c)
        row = control and run.verdict(control, "requests")
        if row and row["max_over_mean"] != "NA":
            compared += 1
            less += x > number(row["max_over_mean"])
    yield "evenness", "plain", given(parts=parts, headline={"less": less, "compared": compared} if compared else None)


def of_staying(run):
    telling = [
        row for c in run.cells if not c.proxied for row in run.ledger(c) if int(row["requests_count"]) > 1 or int(row["strays_count"]) > 0]
    if not telling:
        return
    strays = sum(int(r["strays_count"]) for r in telling)
    figures = {"replies": {"n": sum(int(r["requests_count"]) for r in telling)}, "connections": len(telling)}
    if strays:
        moved = [r for r in telling if int(r["strays_count"])]
        where = [c for c in run.cells if c.id in {r["cell_id"] for r in moved}]
        figures.update(strays=strays, moved=len(moved), cells=[{"cell": c.id} for c in where])
    yield "staying", "bad" if strays else "good", figures


def of_shared(run):
    cells = [c for c in run.cells if c.pooling == "shared" and any(run.pods(r) for r in run.folder.repetitions(c))]
    if not cells:
        return

    def used(c):
        return [sum(int(p["requests_count"]) > 0 for p in run.pods(r)) for r in run.folder.repetitions(c) if run.pods(r)]

    def column(c, name):
        return span(int(r[name]) for r in run.folder.repetitions(c))

    yield "shared-clients", "plain", {
        "pods": {"used": span(u for c in cells for u in used(c)), "pods": span(c.pods for c in cells)},
        "each": [{
            "variant": c.id, "callers": c.connections, "opened": column(c, "connections_opened_count"),
            "landed": column(c, "pods_reached_count"), "pods": c.pods, "used": span(used(c))} for c in cells]}


def of_nodes_together(run):
    for c in run.cells:
        if c.nodes == 1 or c.provoking:
            continue
        one = next((o for o in run.cells if o.nodes == 1 and o.axes(nodes_count=c.row["nodes_count"]) == c.axes()), None)
        if not one or not run.verdict(one) or not run.verdict(c):
            continue
        a, b = run.verdict(one), run.verdict(c)
        yield "nodes-together-" + c.id, "plain", {
            "title": c.id, "from-one": number(a["idle_mean_count"]), "pods": int(b["pods_count"]),
            "from-many": number(b["idle_mean_count"]), "nodes": c.nodes,
            "chance": span(number(v["idle_expected_count"]) for v in (a, b))}


def of_hashing(run):
    cells = [c for c in run.cells if c.plane == "ipvs" and c.behind_service and not c.pinned and not c.provoking and c.scheduler in ("sh", "dh", "mh")]
    if cells:
        yield "hashing", "plain", {"each": [{
            "title": c.id, "clients": c.clients,
            "reached": span(int(r["pods_reached_count"]) for r in run.folder.repetitions(c)), "pods": c.pods} for c in cells]}
