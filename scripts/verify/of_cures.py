"""What findings about cures must say: which fits each case best, of those measured."""
import math

from . import chance, cures, event_costs, herds, hunts
from .folder import number
from .run import any_of, given, span

FEW, AS_GOOD = 10, 1.1
LASTING = ("grpc-stream", "websocket")
BESIDE = ",proxies=sidecars"


def calm(cell):
    return cell.long_lived and not cell.changes and cell.idle_ms == 0


def events(cell):
    """What happens, by its word, with its first argument."""
    return [e.split("@")[0].split(",")[0].partition("=")[::2] for e in cell.row["events"].split(";")] if cell.changes else []


def has(cell, kind):
    return any(word == kind for word, _ in events(cell))


def grows(cell):
    return any(word == "add-endpoints" or (word == "scale" and int(to) > cell.pods) for word, to in events(cell))


def few(cell):
    return cell.connections <= FEW * cell.pods


CASES = {
    "few-clients": lambda c: calm(c) and c.protocol not in LASTING and few(c),
    "many-clients": lambda c: calm(c) and c.protocol not in LASTING and not few(c),
    "streams": lambda c: calm(c) and c.protocol == "grpc-stream",
    "websocket": lambda c: calm(c) and c.protocol == "websocket",
    "autoscaling": grows,
    "slow-pod": lambda c: has(c, "slow-pod") and len(events(c)) == 1,
    "rolling-update": lambda c: has(c, "rolling-update"),
    "silent-pod": lambda c: has(c, "power-off"),
}


def busiest(run, cell):
    worst = []
    for at in run.folder.counted(cell):
        counts = [int(p["requests_count"]) for p in run.folder.distribution[at]]
        if sum(counts):
            worst.append(max(counts) * len(counts) / sum(counts))
    return (max(worst), False) if worst else None


def hottest(run, cell):
    ratios = [
        number(r["hottest_per_s"]) / number(r["mean_per_s"]) for r in run.around
        if r["cell_id"] == cell.id and r["window"] == "after" and number(r["mean_per_s"]) > 0]
    return (max(ratios), False) if ratios else None


def slowest(run, cell):
    all_ = run.folder.repetitions(cell)
    known = [number(r["response_p99_ns"]) for r in all_ if r["response_p99_ns"] != "NA"]
    bound = any(99 > number(r["response_exact_up_to_pct"]) for r in all_)
    return (max(known), bound) if known else None


def lost(run, cell):
    due = run.sum([cell], "requests_due_count")
    return (100 * (due - run.sum([cell], "requests_answered_count")) / due, False) if due else None


DECIDES = {"autoscaling": hottest, "slow-pod": slowest, "rolling-update": lost, "silent-pod": lost}


def weighed(run):
    """By case and group: cells with what decides, the best of them first, and apart from the others."""
    for case, holds in CASES.items():
        silence = case == "silent-pod"
        order = {c.id: i for i, g in enumerate(cures.groups(run.folder, silence=silence)) for c in g}
        for group in sorted(cures.groups(run.folder, course=True, silence=silence), key=lambda g: order[g[0].id]):
            known = [(c, DECIDES.get(case, busiest)(run, c)) for c in group if holds(c)]
            known = sorted(((c, f) for c, f in known if f), key=lambda cf: cf[1][0])
            if len(known) < 2 or known[0][1][1]:
                continue
            least = known[0][1][0]
            best = [(c, f) for c, f in known if not f[1] and f[0] <= AS_GOOD * least]
            yield case, group, best, [cf for cf in known if cf not in best]


def of_cures(run):
    for case, group, best, others in weighed(run):
        figures = {"n": len(best) + len(others), "pods": group[0].pods}
        figures |= {"best": named(best), "others": named(others)} if others else {"each": named(best)}
        yield f"cure-{case}-{group[0].id}", "plain", figures


def heading(run):
    """What the heading of a run says in which every cell is weighed and no event was cut short; None of others."""
    cells = {c.id for g in cures.groups(run.folder) for c in g}
    if any(c.id not in cells for c in run.cells) or any(map(event_costs.cut_short, run.repetitions())):
        return None
    parts = [
        [of_case(run, best, others) for _, _, best, others in weighed(run)],
        [{"proxies": f["proxies"], "found": f["found"], "expected": f["expected"], "pod": f["pod"], "cure": f["cell"]} for _, _, f in of_proxies(run)],
        [f for c in run.cells for f in joined(run, c)]]
    return {"parts": [{"each": p} for p in parts if p]} if any(parts) else None


def of_case(run, best, others):
    """The best and the worst; where all are as good as the least, how far they are apart."""
    if not others:
        return {"n": len(best), "least": {"figure": best[0][1][0]}, "greatest": {"figure": best[-1][1][0]}}
    both = [{"figure": figure[0], "cure": cell.id} for cell, figure in (best[0], others[-1])]
    cpu = [cures.cpu_range(run.folder, cell) for cell, _ in (best[0], others[-1])]
    return given(
        best=both[0], as_good=any_of(len(best) - 1), last=both[1], cpu={"best": cpu[0], "last": cpu[1]} if all(cpu) else None)


def joined(run, cell):
    """How long pods had no connection that joined by a scale-out, as far as a client's connection is a pod's."""
    pods = [p for p in run.new_pods if p["cell_id"] == cell.id] if grows(cell) and not cell.proxied else []
    if pods:
        first = [number(p["first_connection_after_ms"]) for p in pods]
        never = sum(math.isnan(f) for f in first)
        if never == len(pods):
            yield {"watched": span(number(p["watched_ms"]) for p in pods), "cure": cell.id}
        else:
            yield given(after=span(first), never=any_of(never), cure=cell.id)


def of_slow_pods(run):
    for group in cures.groups(run.folder, course=True):
        known = [(c, cures.slow(run.folder, c), slowest(run, c)) for c in group]
        known = [k for k in known if k[1] and k[2]]
        if len(known) < 2:
            continue
        figures = {"pods": group[0].pods, "fair": known[0][1][0]}
        noticed = [k for k in known if k[1][1] < k[1][0] / 2]
        for name, cells in (("noticed", noticed), ("others", [k for k in known if k not in noticed])):
            if cells:
                figures[name] = {"each": [{"cure": c.id, "share": share, "slowest": p99[0]} for c, (_, share), p99 in cells]}
        yield f"slow-{group[0].id}", "plain", figures


def of_renewals(run):
    all_ = [(c, n) for g in cures.groups(run.folder) for c in g for n in [cures.renewed(run.folder, c)] if n]
    for cell, seen in all_:
        seen.judge(len(all_))
        fit = {"agrees": {"power": seen.twice_age_found_pct}, "differs": {"p": min(1, seen.age_p * len(all_))}, "cannot-tell": {}}[seen.age_fit]
        found = {} if math.isnan(seen.half_ms) else {"time": 1e6 * seen.half_ms}
        yield f"anew-{cell.id}", "plain", {
            "old": len(seen.ages), "cell": cell.id, "expected": 1e6 * seen.half_expected_ms, "fit": fit, "found": found}


def herds_of(run):
    """Cells that have one, with it; none in folders of versions that did not look for any."""
    return herds.of_run(run.folder) if any("together_count" in r for r in run.folder.table("cures.csv")) else []


def of_every(run, all_):
    """Whether there is something to say of every cell, and no event was cut short."""
    return bool(all_) and len(all_) == len(run.cells) and not any(map(event_costs.cut_short, run.repetitions()))


def heading_of_whole(run):
    """What a run says in its heading that is about herds, cures or pools as a whole; None of others."""
    return heading_of_herds(run) or heading(run) or heading_of_hunts(run)


def of_herds(run):
    all_ = herds_of(run)
    for cell, herd in all_:
        own = herd.judged(len(all_))
        fit = {"agrees": {"power": own["other_jitter_found_pct"]}, "differs": {"p": own["herd_p_adjusted"]}, "cannot-tell": {}}[own["herd_fit"]]
        yield f"herd-{cell.id}", "plain", given(
            together=own["together_count"], cell=cell.id, when=1e6 * own["dense_ms"], expected=own["dense_expected_per_s"],
            found=own["dense_per_s"], most=own["most_per_s"], fit=fit)


def heading_of_herds(run):
    """What it says of a run of which every cell has a herd; None of others."""
    all_ = herds_of(run)
    if not of_every(run, all_):
        return None
    own = [(c, h.judged(len(all_))) for c, h in all_]
    return {"each": [{"found": o["dense_per_s"], "cure": c.id, "expected": o["dense_expected_per_s"]} for c, o in own]}


def of_hunts(run):
    if run.folder.schema < 5:
        return
    all_ = hunts.of_run(run.folder)
    for cell, pools in all_:
        own = hunts.judged(pools, len(all_))
        places = hunts.PLACES[:min(len(p[2]) for p in pools)]
        fit = {"agrees": {"power": own["in_turn_found_pct"]}, "differs": {"p": own["p_adjusted"]}, "cannot-tell": {}}[own["fit"]]
        yield f"hunt-{cell.id}", "plain", {
            "cell": cell.id, "seen": [{"share": own[of + "_pct"]} for of in places], "expected": [{"share": span(own[f"{of}_expected_{end}_pct"] for end in ("low", "high"))} for of in places],
            "way": span([own["under_way_low_count"], own["under_way_high_count"]]), "fit": fit}


def heading_of_hunts(run):
    """What it says of a run whose cells are all of pools that callers share; None of others."""
    all_ = [figures for _, _, figures in of_hunts(run)]
    return {"hunts": all_} if of_every(run, all_) else None


def of_proxies(run):
    for cell in [c for g in cures.groups(run.folder) for c in g]:
        counts = cures.proxies(run.folder, cell)
        pods = busiest(run, cell)
        if counts is None or pods is None or cell.changes or cell.idle_ms:
            continue
        k = len(counts[0])
        yield f"proxies-{cell.id}", "plain", {
            "cell": cell.id, "proxies": k, "found": sum(max(c) * k / sum(c) for c in counts) / len(counts),
            "expected": sum(chance.max_over_mean(sum(c), k) for c in counts) / len(counts), "pod": pods[0]}


def of_sidecars(run):
    for group in cures.groups(run.folder, course=True):
        for cell in group:
            one = next((c for c in group if c.cure == cell.cure.replace(BESIDE, "") and c.row["ipvs_scheduler"] == cell.row["ipvs_scheduler"]), None) if BESIDE in cell.cure else None
            both = [(c, cures.cpu(run.folder, c, "proxy"), cures.memory(run.folder, c, "proxy")) for c in (cell, one) if c]
            if len(both) == 2 and all(math.isfinite(cpu) for _, cpu, _ in both):
                taken = [given(time=cpu, memory={"mb": held / 1e6} if math.isfinite(held) else {}, cell=c.id) for c, cpu, held in both]
                yield f"sidecars-{cell.id}", "plain", {"clients": cell.clients, "sidecars": taken[0], "one": taken[1]}


def named(cells):
    return [{"cure": c.id, "figure": f[0]} for c, f in cells]
