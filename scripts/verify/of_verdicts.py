"""What findings about verdicts, laws and nodes must say."""
import math
from collections import Counter, defaultdict

from .chance import FAMILY_ERROR
from .folder import number
from .run import adjusted, alarm, any_of, given, is_drawn, span, unordered

LAWS = ("draw", "zone-draw", "client-in-turn", "node-in-turn", "least-connections", "least-active", "client-hash", "service-hash", "client-pinned", "client-first")


def of_chance(run):
    drawn = run.drawn()
    for word, make in (("not-chance", not_chance), ("consistent-with-chance", consistent), ("too-few-to-tell", too_few)):
        cells = [(c, v) for c, v in drawn if v["verdict"] == word]
        if cells:
            ident, tone, figures = make(cells)
            yield ident, tone, {"n": len(cells), "drawn": len(drawn), **figures}


def not_chance(cells):
    return "not-chance", "bad", {"cells": [{"cell": c.id, "p": min(adjusted(v))} for c, v in cells]}


def consistent(cells):
    times = [number(v["found_share_pct"]) / 100 * int(v["pods_count"]) for _, v in cells]
    return "chance", "good", {"times": span(times)}


def too_few(cells):
    return "too-few", "unknown", given(
        counts=span(int(v["observed_count"]) for _, v in cells),
        cells=[{"cell": c.id} for c, _ in cells],
        power=span(number(v["twice_share_power_pct"]) for _, v in cells),
        needed=needed(cells))


def needed(cells):
    """How many connections would tell, by the pods that are drawn from."""
    pods = sorted({int(v["pods_count"]) for _, v in cells if v["choice"] == "draw"})
    return {"each": [{"n": None, "pods": k} for k in pods]} if pods else None


def of_laws(run):
    held = [(c, v) for c, v in run.judged() if not is_drawn(v) and v["verdict"] != "descriptive"]
    broken = [(c, v) for c, v in held if alarm(v)]
    kept = [(c, v) for c, v in held if v["verdict"] == "by-design" and not alarm(v)]
    untold = [(c, v) for c, v in held if v["verdict"] == "too-few-to-tell"]
    if broken:
        yield "law-broken", "bad", {"n": len(broken), "of": len(held), "cells": [{"cell": c.id} for c, _ in broken]}
    for ident, tone, some in (("law-kept", "plain", kept), ("law-untold", "unknown", untold)):
        if some:
            laws = Counter(v["choice"] for _, v in some)
            yield ident, tone, {
                "n": len(some), "of": len(held), "laws": [{"cells": laws[law]} for law in LAWS if laws[law]],
                "draw": max(number(v["law_met_by_draw_pct"]) for _, v in some)}


def of_unjudged(run):
    reasons = Counter()
    for c in run.cells:
        row = run.verdict(c)
        if row is None:
            reasons["events happened meanwhile" if c.changes else "no repetition of theirs has counts of all its pods"] += 1
        elif row["verdict"] == "descriptive":
            if int(row["pods_count"]) == 1:
                reasons["there is one pod to go to"] += 1
            elif c.balanced:
                reasons["their clients balance for themselves"] += 1
            elif c.proxied:
                reasons["a proxy balances for their clients"] += 1
            elif c.choice == "zone-draw" and run.ledger(c) and not c.other_law:
                reasons["there is one pod in each client's zone"] += 1
            elif c.other_law:
                reasons["their settings make the law another"] += 1
            else:
                reasons["connections.csv has no connection of theirs"] += 1
    if reasons:
        yield "not-judged", "plain", {
            "n": sum(reasons.values()), "of": len(run.cells), "why": unordered({"n": n, "why": why} for why, n in reasons.items())}


def of_planted(run):
    edit = run.folder.manifest.get("rulesEdit", "")
    drawn = run.drawn()
    if edit and drawn:
        found = sum(v["verdict"] == "not-chance" for _, v in drawn)
        few = sum(v["verdict"] == "too-few-to-tell" for _, v in drawn)
        yield "planted-rules", "plain" if found else "unknown", given(edit=edit, found=found, drawn=len(drawn), few=any_of(few))


def of_nodes(run):
    matrices = defaultdict(list)
    for row in run.folder.table("matrices.csv"):
        matrices[tuple(row[k] for k in list(row)[1:7])].append(row)
    parts = defaultdict(list)
    for key, table in matrices.items():
        n = sum(int(r["connections_count"]) for r in table)
        if not n:
            continue
        same = [r for r in table if r["client_node"] == r["pod_node"]]
        p = min(adjusted(table[0]), default=math.nan)
        testbed, plane, backend, scheduler, _, pods = key
        part = given(
            plane="-".join([plane] + [w for w in (backend, scheduler) if w not in ("NA", "auto")]), testbed=testbed, pods=int(pods),
            share=100 * sum(int(r["connections_count"]) for r in same) / n, connections=n,
            chance=100 * sum(number(r["expected_count"]) for r in same) / n, p=None if math.isnan(p) else {"p": p})
        ident = "nodes-not-tested" if math.isnan(p) else "nodes-not-chance" if p <= FAMILY_ERROR else "nodes"
        parts[ident].append(part)
    for ident, each in parts.items():
        yield ident, {"nodes-not-chance": "bad", "nodes": "good"}.get(ident, "plain"), {"each": each}
