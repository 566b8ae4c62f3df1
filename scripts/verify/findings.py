"""Heading and findings of report/report.json: ids, tones and figures against the tables, and texts against the figures."""
import json

from . import chance, headline, judged, legs, of_changes, of_cures, of_lookups, of_other_testbed, of_pods, of_requests, of_verdicts, run, words
from .checks import SIX_DIGITS
from .run import adjusted

SOURCES = (
    of_verdicts.of_chance, of_verdicts.of_laws, of_verdicts.of_unjudged, of_verdicts.of_planted, of_verdicts.of_nodes,
    of_pods.of_idle, of_pods.of_evenness, of_pods.of_staying, of_pods.of_shared, of_pods.of_hashing, of_pods.of_nodes_together,
    of_changes.of_events, of_changes.of_silence, of_changes.of_retries, of_changes.of_hooks, of_changes.of_scale_out, of_changes.of_removals, of_changes.of_new_pods, of_changes.of_autoscalers, of_cures.of_cures, of_cures.of_slow_pods, of_cures.of_renewals, of_cures.of_herds, of_cures.of_hunts, of_cures.of_proxies, of_cures.of_sidecars, of_changes.of_ports_moved, of_changes.of_ageing, of_changes.of_port_reuse,
    of_changes.of_full_table, of_requests.of_lost, of_requests.of_held, of_requests.of_connects, of_requests.of_price, of_requests.of_scatter,
    of_requests.of_closed_loops, of_requests.of_witnesses, legs.of_proxy_counts, of_requests.of_marks, of_lookups.of_walks, of_lookups.of_hashes,
    of_other_testbed.of_other_testbed)

# figures that are in the words of a sentence and are no figures of the run
FIXED = {"idle-pods": {"95", "100"}, "headline": {"95", "100"}, "idle": {"95", "100"}}

# of lists that are cut short: how many are named
LISTED = (2, 3, 4, 6, 8)

# figures that come of tables with six digits
NEAR = 4 * SIX_DIGITS


def check(folder, checks):
    if not folder.exists("report/report.json"):
        checks.fail("report/report.json", "is not there: write it with `conntrail report`")
        return
    report = json.loads(folder.text("report/report.json"))
    tables = run.Run(folder)
    check_heading(checks, tables, report)
    own = {ident: (tone, figures) for source in SOURCES for ident, tone, figures in source(tables)}
    there = {f["id"]: f for f in report["findings"]}
    checks.same("report.json ids are there once", len(there), len(report["findings"]))
    for ident in there.keys() - own.keys():
        checks.fail(f"finding {ident}", f"is not known, or should not be there: {there[ident]['text']}")
    for ident in own.keys() - there.keys():
        checks.fail(f"finding {ident}", "is missing")
    for ident in (i for i in there if i in own):
        check_finding(checks, tables, there[ident], *own[ident])


def check_finding(checks, tables, finding, tone, figures):
    ident = finding["id"]
    where = f"finding {ident}"
    if ident == "too-few":
        check_needed(checks, tables, finding["figures"], figures)
    checks.same(where + " tone", finding["tone"], tone)
    compare(checks, where, finding["figures"], figures)
    check_text(checks, tables, ident, finding["text"], figures)


def check_heading(checks, tables, report):
    tone, begins, figures, alarm = headline.heading(tables)
    checks.same("headline tone", report["tone"], tone)
    checks.same("headline alarm", report["alarm"], alarm)
    checks.same("headline begins", report["headline"].startswith(begins), True)
    compare(checks, "headline", report["figures"], figures)
    check_text(checks, tables, "headline", report["headline"], figures)
    worst = headline.worst(tables)
    if worst:
        cell, figures = worst
        checks.same("worst cell", report["worst"].startswith(cell.name + ": "), True)
        check_text(checks, tables, "worst", report["worst"], [*figures, cell.id])
    check_text(checks, tables, "idle", report["idle"], headline.idle(tables) or {})
    check_text(checks, tables, "marks", report["marks"], headline.marks(tables))


def check_needed(checks, tables, there, own):
    """How many connections it takes is looked for to three digits: it must do, and a few fewer must not."""
    tests = len(run_tests(tables))
    level = chance.FAMILY_ERROR / max(1, tests)
    for part, mine in zip(there.get("needed", {}).get("each", []), own.get("needed", {}).get("each", [])):
        n, k = part["n"], part["pods"]
        mine["n"] = n
        try:
            where = f"finding too-few connections needed of {k} pods"
            checks.between(where, chance.power(n, k, level, 2 / k), 0.7999, 0.82)
            fewer = min(chance.power(m, k, level, 2 / k) for m in {n - 1, n - 1 - n // 1000})
            checks.between(where + ", a few fewer", fewer, 0, 0.8001)
        except chance.TooLarge:
            checks.skipped += 1


def run_tests(tables):
    """Tests of the tables, by the tables (which were compared before)."""
    matrices = {tuple(list(r.values())[1:7]): r for r in tables.folder.table("matrices.csv")}
    rows = [v for c, v in tables.judged() if c.choice != "zone-draw"] + list(matrices.values())
    zoned = [z for j in judged.judged_cells(tables.folder) for z in judged.of_zones(j.zones)]
    return [p for r in rows for p in adjusted(r)] + zoned


def compare(checks, where, there, own):
    """Nested figures."""
    if isinstance(own, dict) and isinstance(there, dict):
        checks.same(where + " names of figures", sorted(there), sorted(own))
        for name in own.keys() & there.keys():
            compare(checks, f"{where} {name}", there[name], own[name])
    elif isinstance(own, list) and isinstance(there, list) and len(own) == len(there):
        if where.endswith("not-judged why") or " nodes" in where:
            there, own = run.unordered(there), run.unordered(own)
        for i, (a, b) in enumerate(zip(there, own)):
            compare(checks, f"{where}[{i}]", a, b)
    elif isinstance(own, (int, float)) and isinstance(there, (int, float)):
        checks.near(where, there, own, NEAR, 1e-12)
    else:
        checks.same(where, there, own)


def check_text(checks, tables, ident, text, figures):
    """Every figure in a text must be one of those that were recomputed, or be in the name of a cell that it is about."""
    allowed = set(FIXED.get(ident, ()))
    for leaf in words.leaves(figures):
        if isinstance(leaf, str):
            cell = tables.folder.cells.get(leaf)
            allowed |= set(words.tokens(cell.name if cell else leaf))
        else:
            allowed |= words.readings(leaf)
    cell = tables.folder.cells.get(ident.split("-")[-1]) or tables.folder.cells.get(ident.split("-")[-2] if "-" in ident else "")
    if cell:
        allowed |= set(words.tokens(cell.title))
    allowed |= {words.number(n - most) for n in lengths(figures) for most in LISTED if n > most}
    for token in words.tokens(text):
        checks.compared += 1
        if token not in allowed:
            checks.fail(f"finding {ident}", f"says {token}, which is none of its figures: {text}")


def lengths(figures):
    """How long its lists are."""
    if isinstance(figures, list):
        yield len(figures)
    for part in figures.values() if isinstance(figures, dict) else figures if isinstance(figures, list) else ():
        yield from lengths(part)
