"""What findings about the same experiment on another testbed must say."""
import os
import statistics

from .cures import NOT_ASKED
from .folder import Folder
from .run import Run, given, span

WORDS = {"not-chance": "not chance", "consistent-with-chance": "chance", "too-few-to-tell": "too few to tell", "descriptive": "not judged"}


def of_other_testbed(run):
    there = other(run)
    if not there:
        return
    pairs = [
        (c, there.folder.cells[c.id]) for c in run.cells
        if c.id in {o.id for o in there.cells if o.testbed == "netns"}]
    if not pairs:
        return
    name = os.path.basename(os.path.abspath(there.folder.path))
    known = [set_up(o) for o in there.cells if o.testbed == "netns"]
    paired = {c.id for c, _ in pairs}
    rules = sum(c.plane == "nftables" and c.id not in paired and set_up(c) in known for c in run.cells)
    words = [(c, word(run, c), word(there, o)) for c, o in pairs]
    differ = [{"cell": c.id, "here": a, "there": b} for c, a, b in words if a != b]
    yield "other-testbed", "unknown" if differ else "plain", {
        "run": name, "pairs": len(pairs), "cells": len(run.cells), "rules": {"n": rules} if rules else {}, "differ": {"n": len(differ), "each": differ} if differ else {}}
    parts = [
        {metric: over} for metric in ("response", "connect") if (over := span(ratios(run, there, pairs, metric)))]
    if parts:
        yield "other-testbed-times", "plain", given(pairs=len(pairs), run=name, parts=parts)


def set_up(cell):
    """All axes but whose rules they are."""
    return cell.cure, cell.unusual, {k: v for k, v in cell.row.items() if k not in NOT_ASKED | {"testbed", "kube_proxy"}}


def word(run, cell):
    row = run.verdict(cell)
    if row is None:
        return "not judged"
    if row["verdict"] == "by-design":
        return "by design" if row["departure"] == "NA" else "law broken"
    return WORDS[row["verdict"]]


def ratios(run, there, pairs, metric):
    for c, o in pairs:
        here, other_medians = run.medians(c, metric), there.medians(o, metric)
        if here and other_medians:
            yield statistics.median(here) / statistics.median(other_medians)


def other(run):
    """For a run on a cluster the newest whole run in network namespaces that lies beside it."""
    manifest = run.folder.manifest
    if not {"kind", "cluster"} & set(manifest["testbeds"]):
        return None
    own = os.path.abspath(run.folder.path)
    found = []
    for name in os.listdir(os.path.dirname(own)):
        path = os.path.join(os.path.dirname(own), name)
        if path == own or not os.path.isfile(os.path.join(path, "manifest.json")):
            continue
        folder = Folder(path)
        there = folder.manifest
        planted = there.get("rulesEdit") or there.get("echoDelayMs")
        if folder.schema >= 2 and there["experiment"] == manifest["experiment"] and "netns" in there["testbeds"] and (
                not planted and there["status"] == "complete"):
            found.append((there["startedUtc"], path, folder))
    return Run(max(found, key=lambda f: f[:2])[2]) if found else None
