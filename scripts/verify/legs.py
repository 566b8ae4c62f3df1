"""legs.csv and proxy_counts.csv: both legs of ways through proxies, and proxies' own counters against logs, clients and pods."""
import math
from collections import Counter, defaultdict

from .folder import listed, number, rows

STRUCK = {"left", "told-to-end", "ended", "killed", "silenced", "paused", "slowed", "made"}
STREAMS = ("websocket", "grpc-stream")


class Repetition:
    """What everybody saw of a repetition."""

    def __init__(self, folder, cell, at):
        self.cell, self.at = cell, at
        self.counters = defaultdict(dict)
        for row in rows(folder.raw(at, "counters.csv") or ""):
            self.counters[row["source"]][row["counter"]] = int(float(row["value"]))
        self.proxies = [s for s in self.counters if " " not in s and s not in ("ledger", "pods") and {"connections_count", "requests_count"} <= set(self.counters[s])]
        self.proxied = rows(folder.raw(at, "proxied.csv") or "")
        self.ledger = folder.ledger[at]
        self.echo = rows(folder.raw(at, "echo.csv") or "")
        self.pods = [r["pod"] for r in folder.distribution[at]]
        summary = folder.summary[at]
        self.unanswered = int(summary["requests_unanswered_count"]) + int(summary.get("requests_retried_count", 0)) + sum(
            int(r["requests_count"]) for r in rows(folder.raw(at, "errors.csv") or ""))
        self.struck = {p for e in folder.events[at] if e["step"] in STRUCK for p in listed(e["pods"])}
        self.lost = bool({"pod-lost", "pod-uncounted", "load-lost"} & set(listed(summary["marks"])))

    def leg(self, leg, proxy=None):
        return [r for r in self.proxied if r["leg"] == leg and proxy in (None, r["proxy"])]

    def compared(self):
        """By what is compared: counter, least and most."""
        own = {}
        if not self.proxied:
            return own
        unused = sum(int(c["requests_count"]) == 0 for c in self.ledger)
        for proxy in self.proxies:
            own.update(self.of_proxy(proxy, unused))
        if self.proxies:
            u = self.unanswered
            own["NA", "NA", "connections-taken", "clients"] = (
                sum(self.counters[p]["connections_count"] for p in self.proxies), len(self.ledger) - unused - u, len(self.ledger) + u)
            if self.cell.protocol not in STREAMS:
                answered = sum(int(c["requests_count"]) for c in self.ledger)
                own["NA", "NA", "requests-taken", "clients"] = (
                    sum(self.counters[p]["requests_count"] for p in self.proxies), answered, answered + u)
        return own

    def of_proxy(self, proxy, unused):
        u, counters, came = self.unanswered, self.counters[proxy], self.leg("to-proxy", proxy)
        there = Counter((c["local_address"], c["local_port"]) for c in self.ledger)
        ends = {(r["address"], r["port"]) for r in came}
        logged = sum(int(r["requests_count"]) for r in came)
        own = {
            (proxy, "NA", "connections-taken", "log"): (
                counters["connections_count"], len(ends) - u, sum(max(1, there[e]) for e in ends) + unused + u),
            (proxy, "NA", "requests-taken", "log"): (counters["requests_count"], logged - u, logged + u)}
        went = self.leg("to-pod", proxy)
        elsewhere = max(0, counters["requests_count"] - sum(map(sent, went))) + counters.get("retried_count", 0)
        for source in self.counters:
            if source.startswith(proxy + " "):
                own.update(self.of_pod(proxy, source.split(" ", 1)[1], went, elsewhere))
        return own

    def of_pod(self, proxy, pod, went, elsewhere):
        u, counters = self.unanswered, self.counters[f"{proxy} {pod}"]
        addresses = {r["address"] for r in went}
        mine = [r for r in went if r["pod"] == pod]
        taken = [e for e in self.echo if e["pod"] == pod and e["client_address"] in addresses]
        ends = Counter((r["address"], r["port"]) for r in mine) | Counter((e["client_address"], e["client_port"]) for e in taken)
        bounded = pod not in self.struck
        known = bounded or "retried_count" in self.counters[proxy]
        connections, requests = sum(ends.values()), sum(map(sent, mine))
        own = {
            (proxy, pod, "connections-opened", "pods"): (
                counters["connections_count"], connections - u, connections + counters.get("refused_count", 0) + u if bounded else math.inf),
            (proxy, pod, "requests-sent", "log"): (
                counters["requests_count"], requests - u, requests + elsewhere + u if known else math.inf)}
        if self.cell.protocol not in STREAMS:
            served, cut = sum(int(e["requests_count"]) for e in taken), sum(unheard(r) for r in mine)
            own[proxy, pod, "requests-sent", "pods"] = (
                counters["requests_count"], served - u, served + cut + elsewhere + u if known else math.inf)
        return own

    def held(self):
        """The same with what follows, and without bounds where counts were lost."""
        for what, (counter, least, most) in self.compared().items():
            most = math.inf if self.lost else most
            yield what, counter, max(0, least), most, max(0, least) <= counter <= most

    def busiest(self, leg, each):
        pods = leg == "to-pod"
        takers = self.pods if pods else self.proxies
        sums = Counter()
        for row in self.leg(leg):
            sums[row["pod" if pods else "proxy"]] += each(row)
        everything = sum(sums[t] for t in takers)
        if not everything or len(takers) < 2 or pods and self.cell.changes:
            return math.nan
        return max(sums[t] for t in takers) * len(takers) / everything

    def known(self, counter, of_pods):
        """The sum of a counter over proxies, or their pods; not a number where one did not say."""
        sources = [s for s in self.counters if any(s.startswith(p + " ") if of_pods else s == p for p in self.proxies)]
        return sum(self.counters[s].get(counter, math.nan) for s in sources)


def unheard(row):
    return 0 if row.get("unanswered_count", "NA") == "NA" else int(row["unanswered_count"])


def sent(row):
    return int(row["requests_count"]) + unheard(row)


def repetitions(folder):
    """Those of each cell whose route leads through proxies, where these left a log."""
    for cell in folder.measured():
        if cell.proxied:
            every = [Repetition(folder, cell, at) for at in folder.summary if at[0] == cell.id]
            if any(r.proxied for r in every):
                yield cell, [r for r in every if r.proxied]


def check(folder, checks):
    if not folder.exists("legs.csv"):
        # a folder of an earlier layout keeps the tables that it has
        checks.same("legs.csv is not there", folder.schema < 4 or not any(True for _ in repetitions(folder)), True)
        return
    legs = {r["cell_id"]: r for r in folder.table("legs.csv")}
    counts = defaultdict(dict)
    for row in folder.table("proxy_counts.csv"):
        counts[folder.at(row)][row["proxy"], row["pod"], row["counter"], row["held"]] = row
    seen = dict(repetitions(folder))
    checks.same("legs.csv cells", sorted(legs), sorted(c.id for c in seen))
    for cell, every in seen.items():
        if cell.id in legs:
            check_legs(checks, legs[cell.id], cell, every)
        for r in every:
            check_counts(checks, counts[r.at], r)


def check_counts(checks, table, repetition):
    where = f"proxy_counts.csv {repetition.at}"
    own = {what: rest for what, *rest in repetition.held()}
    checks.same(where + " rows", sorted(table), sorted(own))
    for what in own.keys() & table.keys():
        (counter, least, most, within), row = own[what], table[what]
        said = [row["counter_count"], row["least_count"], row["most_count"], row["agreement"]]
        checks.same(f"{where} {' '.join(what)}", said, [str(counter), str(least), "NA" if most == math.inf else str(most), "agree" if within else "differ"])


def check_legs(checks, row, cell, every):
    where = f"legs.csv {cell.id}"
    for leg, name in (("to-proxy", "to_proxy"), ("to-pod", "to_pod")):
        def connections(r):
            return int(r["requests_count"]) if leg == "to-proxy" and not cell.long_lived else 1

        there = [r for e in every for r in e.leg(leg)]
        n, requests = sum(map(connections, there)), sum(map(sent, there))
        checks.same(f"{where} {name}_connections_count", int(row[name + "_connections_count"]), n)
        checks.same(f"{where} {name}_requests_count", int(row[name + "_requests_count"]), requests)
        checks.near(f"{where} {name}_requests_per_connection", number(row[name + "_requests_per_connection"]), requests / n if n else math.nan)
        for unit, each in (("connections", connections), ("requests", sent)):
            column = f"{name}_{unit}_max_over_mean"
            checks.near(f"{where} {column}", number(row[column]), mean(e.busiest(leg, each) for e in every))
    checks.same(where + " unanswered_count", int(row["unanswered_count"]), sum(unheard(r) for e in every for r in e.leg("to-pod")))
    checks.near(where + " retried_count", number(row["retried_count"]), sum(e.known("retried_count", False) for e in every))
    checks.near(where + " refused_count", number(row["refused_count"]), sum(e.known("refused_count", True) for e in every))
    held = [within for e in every for *_, within in e.held()]
    checks.same(where + " compared_count", int(row["compared_count"]), len(held))
    checks.same(where + " differ_count", int(row["differ_count"]), held.count(False))


def mean(figures):
    known = [f for f in figures if not math.isnan(f)]
    return sum(known) / len(known) if known else math.nan


def of_proxy_counts(run):
    """The finding."""
    by = {cell: [within for e in every for *_, within in e.held()] for cell, every in repetitions(run.folder)}
    by = {cell: held for cell, held in by.items() if held}
    if not by:
        return
    compared = sum(map(len, by.values()))
    differ = {cell: held.count(False) for cell, held in by.items() if False in held}
    if differ:
        yield "proxy-counts", "bad", {
            "differ": sum(differ.values()), "compared": compared, "cells": [{"cell": c.id} for c in differ]}
    else:
        yield "proxy-counts", "good", {"compared": compared, "cells": len(by)}
