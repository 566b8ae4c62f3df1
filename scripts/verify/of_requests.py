"""What findings about requests, times, marks and witnesses must say."""
import statistics
from collections import Counter

from .folder import listed, number, rows
from .run import any_of, given, span

OF_TIMES = {"client-short-of-cpu", "rate-missed", "cpu-stolen", "clients-not-together", "drained-early"}
OF_CONNECTIONS = {"connection-changed-pod", "connections-missing", "witnesses-disagree", "load-lost", "pod-lost", "proxy-counts-differ", "does-not-add-up"}
MARKS = (
    "client-short-of-cpu", "rate-missed", "errors", "unfinished", "connection-changed-pod", "connections-missing",
    "witnesses-disagree", "cpu-stolen", "drained-early", "load-lost", "pod-lost", "pod-uncounted",
    "clients-not-together", "event-cut-short", "proxy-counts-differ", "does-not-add-up")


def of_lost(run):
    calm = run.calm()
    if not calm:
        return

    def lost(cells):
        return run.sum(cells, "requests_failed_count") + run.sum(cells, "requests_unanswered_count")

    due, answered = run.sum(calm, "requests_due_count"), run.sum(calm, "requests_answered_count")
    figures = {"calm": len(calm), "answered": {"answered": answered, "due": due} if due else {}}
    lossy = [c for c in calm if lost([c])]
    if lossy:
        figures.update(
            n=len(lossy), failed=run.sum(lossy, "requests_failed_count"), unanswered=run.sum(lossy, "requests_unanswered_count"),
            cells=[{"cell": c.id, "lost": lost([c])} for c in lossy])
    yield "lost-requests", "bad" if lossy else "unknown" if not due else "good" if due == answered else "bad", figures


def scatter(run, cells, metric):
    """How much a cell's repetitions differ: the longest over the shortest; and odd against even ones."""
    medians = [m for m in (run.medians(c, metric) for c in cells) if len(m) > 1]
    ratios = [max(m) / min(m) for m in medians]
    halves = []
    for c in cells:
        odd, even = run.medians(c, metric, lambda n: n % 2 == 1), run.medians(c, metric, lambda n: n % 2 == 0)
        if odd and even:
            a, b = statistics.median(odd), statistics.median(even)
            halves.append(max(a / b, b / a))
    if not ratios:
        return None, None
    return {"most": max(ratios), "cells": len(ratios), "half": statistics.median(ratios)}, {"halves": max(halves)} if halves else None


def of_scatter(run):
    calm = run.calm()
    parts = {}
    for metric in ("response", "connect"):
        by, odd = scatter(run, calm, metric)
        if by:
            parts[metric] = given(by=by, odd=odd)
    if parts:
        yield "scatter", "plain", parts
    elif calm:
        yield "scatter", "unknown", {}


def repeated(run, cell, metric):
    medians = run.medians(cell, metric)
    return given(median=statistics.median(medians), span=span(medians) if len(medians) > 1 else None) if medians else None


def of_connects(run):
    def compared(c):
        return c.plain and not c.long_lived

    for group in run.groups.values():
        took = [(c, repeated(run, c, "connect")) for c in group if compared(c)]
        took = [(c, t) for c, t in took if t]
        if len(took) < 2:
            continue
        by, _ = scatter(run, [c for c in run.cells if c.testbed == took[0][0].testbed and compared(c)], "connect")
        yield "connect-" + took[0][0].id, "plain", {
            "each": [{"variant": c.id, "took": t} for c, t in took], "scatter": {"scatter": by} if by else {}}


def of_price(run):
    def busy(c):
        rows = run.folder.repetitions(c)
        marked = [r for r in rows if {"client-short-of-cpu", "rate-missed", "cpu-stolen"} & set(listed(r["marks"]))]
        return 2 * len(marked) > len(rows)

    pairs = []
    for fresh in run.cells:
        if fresh.plain and not fresh.long_lived and run.medians(fresh, "response"):
            for kept in run.cells:
                if kept.protocol == "http1" and kept.pooling == "dedicated" and run.medians(kept, "response") and kept.axes(
                        protocol="short-lived") == fresh.axes():
                    pairs.append((kept, fresh))
    if not pairs:
        return
    telling = [p for p in pairs if not busy(p[0]) and not busy(p[1])]
    if not telling:
        yield "price", "unknown", {"pairs": len(pairs)}
        return

    def median(c):
        return statistics.median(run.medians(c, "response"))

    yield "price", "plain", given(
        ratio=span(median(fresh) / median(kept) for kept, fresh in telling), fresh=span(median(fresh) for _, fresh in telling),
        kept=span(median(kept) for kept, _ in telling), pairs=len(telling), left=any_of(len(pairs) - len(telling)))


def of_closed_loops(run):
    n = sum(c.rate == "closed" for c in run.cells)
    if n:
        yield "closed-loop", "plain", {"n": n, "of": len(run.cells)}


def of_marks(run):
    rows = run.repetitions()
    marked = [set(listed(r["marks"])) for r in rows if r["marks"] != "none"]
    if rows and not marked:
        yield "marks", "good", {"all": len(rows)}
    elif rows:
        landed = sum(bool(m & OF_CONNECTIONS) for m in marked)
        yield "marks", "bad" if landed else "unknown", given(
            marked=len(marked), all=len(rows),
            each=[{"n": n, "mark": mark} for mark in MARKS if (n := sum(mark in m for m in marked))],
            times=any_of(sum(bool(m & OF_TIMES) for m in marked)), landed=any_of(landed))


def of_witnesses(run):
    rows = run.repetitions()
    compared = sum(int(r["cross_check_rows_count"]) for r in rows)
    differ = sum(int(r["cross_check_disagreements_count"]) for r in rows)
    asked = [r for r in rows if r["cross_check_kernel"] == "true"]
    if not compared:
        return
    closed = closers(run)
    if not differ:
        there = sum(int(r["cross_check_rows_count"]) for r in asked)
        yield "witnesses", "good", given(
            compared=compared, kernel={"asked": len(asked), "all": len(rows), "connections": there} if asked else {}, closed=closed)
        return
    lines = [set(r["differences"].split(";")) for r in run.folder.table("disagreements.csv")]
    who = Counter(map(who_differs, lines))
    parts = [{name: who[name]} for name in ("client-and-pods", "kernel", "place") if who[name]]
    listed_of = any_of(0 if len(lines) == differ else len(lines))
    yield "witnesses", "bad", given(
        differ=differ, compared=compared, who=given(listed=listed_of, each=parts) if lines else {}, asked=len(asked), all=len(rows),
        closed=closed)


def closers(run):
    """Who closed connections of cells with events, as pods saw it; None where no pod said so."""
    ats = [run.folder.at(r) for r in run.repetitions([c for c in run.cells if c.row["events"] != "none"])]
    seen = [r.get("closed_by", "NA") for at in ats for r in rows(run.folder.raw(at, "echo.csv") or "")]
    seen = [by for by in seen if by != "NA"]
    peer, nobody = seen.count("client"), seen.count("open")
    return {"peer": peer, "seen": len(seen), "pod": len(seen) - peer - nobody, "open": nobody} if seen else None


def who_differs(differences):
    kernel_alone = {"not-in-ledger", "not-at-any-pod"} <= differences
    of_pair = differences - {"not-in-kernel", "kernel-pod", "node"}
    if of_pair and not kernel_alone:
        return "client-and-pods"
    return "kernel" if kernel_alone or differences & {"not-in-kernel", "kernel-pod"} else "place"


def of_held(run):
    for cell in run.cells:
        if "client=loop" not in cell.row["cell"].split() or cell.connections < 1000 * cell.clients or cell.cure != "none" or cell.provoking:
            continue
        ats = [run.folder.at(s) for s in run.folder.repetitions(cell)]
        counters = [(r["counter"], number(r["value"])) for at in ats for r in rows(run.folder.raw(at, "counters.csv") or "")]
        held, opened = ([v for counter, v in counters if counter == name] for name in ("held_bytes", "opened_before_per_s"))
        ledger = [r for at in ats for r in run.folder.ledger[at]]
        broken = sum(r["death"] not in ("open", "client-close", "retired") for r in ledger)
        if sum(held) and ledger:
            yield f"held-{cell.id}", "bad" if broken else "good", given(
                connections=len(ledger), cell=cell.id, broken=broken, bytes=sum(held) / cell.connections / len(ats),
                rate={"opened": sum(opened) / len(opened)} if opened else None)
