"""What findings about the cost of lookups must say, from growth.csv and ratios.csv."""
import math

from .costs import WALKED, grows
from .folder import number
from .run import given

SOURCES = ("kernel", "guest-kernel", "model")
LOOKUPS = ("iptables-legacy", "iptables-nft", "nftables", "ipvs", "ipvs-256", "nftables-1.37")


def chosen(run, packet, target, which=lambda row: True):
    """Rows of growth.csv, those of real kernels first."""
    rows = [
        r for r in run.growth
        if r["packet"] == packet and r["target"] == (target(r) if callable(target) else target) and which(r)]
    return sorted(rows, key=lambda r: (LOOKUPS.index(r["lookup"]), SOURCES.index(r["source"])))


def of_hashes(run):
    one = chosen(run, "first", "last", lambda r: r["lookup"] not in WALKED)
    every = chosen(run, "first", "any", lambda r: r["lookup"] not in WALKED)
    established = chosen(run, "established", lambda r: "any" if r["source"] == "model" else "last")
    ratios = [ratio(r) for r in run.ratios if r["comparison"].startswith("any-to-one")]
    for ident, rows, more in (
            ("hashed-one-service", one, None),
            ("hashed-any-service", every, {"each": ratios} if ratios else None),
            ("open-connection", established, None)):
        if rows:
            growing = sum(map(grows, rows))
            constant = sum(r["trend"] == "constant" for r in rows)
            part = growing or constant
            head = {"n": part, "all": len(rows)} if 0 < part < len(rows) else {}
            grown = "plain" if ident == "hashed-any-service" else "bad"
            yield ident, grown if growing else "good" if constant == len(rows) else "unknown", given(
                head=head, each=[{"lookup": r["lookup"], "told": told(r)} for r in rows], more=more)
    layouts = [ratio(r) for r in run.ratios if r["comparison"].startswith("layouts")]
    if layouts:
        yield "nftables-layouts", "plain", {"older": "1.34", "newer": "1.37", "each": layouts}


def ratio(row):
    return {"times": times(row), "services": int(row["services_counts"].split(";")[-1])}


def times(row):
    return {"ratio": number(row["ratio"]), "low": number(row["ratio_low"]), "high": number(row["ratio_high"])}


def of_walks(run):
    for lookup in WALKED:
        rows = chosen(run, "first", "last", lambda r: r["lookup"] == lookup)
        if rows:
            first = rows[0]
            tone = "plain" if grows(first) else "bad" if first["trend"] == "constant" else "unknown"
            yield "walk-" + lookup, tone, {
                "lookup": lookup, "told": told(first), "others": [{"told": told(r)} for r in rows[1:]]}
        for row in run.ratios:
            if row["comparison"].startswith("model-to") and row["lookup"] == lookup and row["packet"] == "first" and row["target"] == "last":
                yield f"{row['comparison']}-{lookup}", "plain", {
                    "lookup": lookup, "times": times(row), "difference": difference(number(row["ratio_low"]), number(row["ratio_high"]))}


def difference(low, high):
    def pct(share):
        return round(100 * share)

    if high < 1:
        return {"least": pct(1 - high), "most": pct(1 - low)}
    if low > 1:
        return {"least": pct(low - 1), "most": pct(high - 1)}
    return {"cheaper": pct(1 - low), "dearer": pct(high - 1)}


def told(row):
    """A cost's verdict with its figures."""
    slope = {"value": number(row["slope_ns"])}
    if not math.isnan(number(row["slope_low_ns"])):
        slope.update(low=number(row["slope_low_ns"]), high=number(row["slope_high_ns"]))
    verdict = {"slope": slope}
    if row["trend"] == "constant":
        verdict["margin"] = number(row["margin_ns"])
    elif row["trend"] == "grows-otherwise":
        verdict["steps"] = {"flattest": number(row["slope_flattest_ns"]), "steepest": number(row["slope_steepest_ns"])}
    elif row["trend"] == "cannot-tell" and row["doubt"] != "shape":
        verdict["why"] = {
            "scatter": {"scatter": number(row["fit_scatter_pct"])},
            "few-points": {"points": int(row["points_count"]), "wanted": 5},
            "few-loads": {"wanted": 2}}.get(row["doubt"], {})
    return {"verdict": verdict, "range": {"fewest": int(row["fewest_services_count"]), "most": int(row["most_services_count"])}}
