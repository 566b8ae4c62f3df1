"""summary.csv, distribution.csv and pods_over_time.csv against ledger, histograms and tables of each repetition."""
import math
from collections import Counter, defaultdict

from . import histograms, legs
from .folder import listed, number, rows

PERCENTILES = {"p50": 50, "p90": 90, "p99": 99, "p999": 99.9, "max": 100}
BIN_MS = 100

# clients that can open a connection in no other way than by a request
OPENED_BY_REQUEST = ("http1", "http2", "grpc", "grpc-stream")


def check(folder, checks):
    for at, summary in folder.summary.items():
        ledger = folder.ledger[at]
        tags = histograms.read(folder.raw(at, "latency.hlog") or "")
        cell = folder.cells[at[0]]
        check_counts(folder, checks, at, summary, ledger, cell)
        check_times(checks, f"summary.csv {at}", summary, tags, cell)
        check_intervals(folder, checks, at, summary)
        check_marks(folder, checks, at, summary, cell)
        check_pods(folder, checks, at, ledger, tags)
        check_over_time(folder, checks, at, summary, ledger)
        check_processes(folder, checks, at, cell)


def count(row, column):
    return int(row[column])


def summed(table, column):
    return sum(int(r[column]) for r in table)


def raw_rows(folder, at, name):
    return rows(folder.raw(at, name) or "")


def check_counts(folder, checks, at, summary, ledger, cell):
    where = f"summary.csv {at}"
    answered = summed(ledger, "measured_requests_count")
    counters = {(r["source"], r["counter"]): number(r["value"]) for r in raw_rows(folder, at, "counters.csv")}
    intervals = raw_rows(folder, at, "intervals.csv")
    lost = "load-lost" in listed(summary["marks"])
    checks.same(where + " connections_opened_count", count(summary, "connections_opened_count"), len(ledger))
    checks.same(where + " connections_strays_count", count(summary, "connections_strays_count"), summed(ledger, "strays_count"))
    if not lost:
        checks.same(where + " requests_answered_count", count(summary, "requests_answered_count"), answered)
        checks.same(where + " answered in intervals.csv", summed(intervals, "answered_count"), answered)
    checks.same(
        where + " requests_failed_count", count(summary, "requests_failed_count"),
        summed(raw_rows(folder, at, "errors.csv"), "requests_count"))
    checks.same(
        where + " pods_reached_count", count(summary, "pods_reached_count"),
        len({c["pod"] for c in to_pods(folder, at, ledger, cell) if c["pod"] != "NA"}))
    for client in {r["client"] for r in ledger}:
        numbers = sorted(count(r, "connection") for r in ledger if r["client"] == client)
        checks.same(f"connections.csv {at} {client} numbers", numbers, list(range(1, len(numbers) + 1)))
    check_rate(checks, where, summary, cell, lost)
    if summary["status"] != "partial":
        # the phase is a little longer than asked for, as long as it really was
        checks.near(
            where + " achieved_per_s", number(summary["achieved_per_s"]),
            count(summary, "requests_answered_count") * 1000 / cell.measure_ms, 0.03)
        cpu = sum(v for (_, name), v in counters.items() if name == "cpu_ns")
        checks.near(where + " client_cpu_pct", number(summary["client_cpu_pct"]), 100 * cpu / (cell.measure_ms * 1e6), 0.03)
    checks.same(
        where + " cross_check_disagreements_count", count(summary, "cross_check_disagreements_count"),
        len(folder.disagreements[at]))
    checks.same(
        where + " cross_check_outcome", summary["cross_check_outcome"], "differ" if folder.disagreements[at] else "agree")


def check_rate(checks, where, summary, cell, lost):
    """Chance makes the target where it makes requests due; else as many are due as the rate adds up to."""
    target, due = number(summary["target_per_s"]), count(summary, "requests_due_count")
    if cell.rate == "closed":
        checks.same(where + " target_per_s", math.isnan(target), True)
        return
    _, mean, _ = cell.rates()
    whole = mean * cell.measure_ms / 1000
    if cell.poisson:
        if summary["status"] != "partial":
            checks.near(where + " target_per_s", target, due * 1000 / cell.measure_ms, 0.03)
            if not lost and cell.row["opening"] != "spread":
                checks.same(where + " requests_due_count by chance", abs(due - whole) < 6 * math.sqrt(whole), True)
        return
    checks.near(where + " target_per_s", target, mean)
    if summary["status"] != "partial" and not lost and cell.row["opening"] != "spread":
        # each client begins on its own: a request more or less
        checks.same(where + f" requests_due_count {due} of {whole:g}", abs(due - whole) <= cell.clients, True)


def check_times(checks, where, summary, tags, cell):
    open_loop = cell.rate != "closed"
    given_up = tags["censored"]
    answered = tags["response"]
    both = answered + given_up
    checks.same(where + " response_count", count(summary, "response_count"), histograms.total(both))
    checks.same(where + " response_censored_count", count(summary, "response_censored_count"), histograms.total(given_up))
    checks.same(
        where + " response times of answered requests", histograms.total(answered), count(summary, "requests_answered_count"))
    checks.near(
        where + " response_exact_up_to_pct", number(summary["response_exact_up_to_pct"]),
        histograms.exact_up_to(answered, given_up))
    checks.near(where + " response_mean_ns", number(summary["response_mean_ns"]), histograms.mean(both))
    for name, percent in PERCENTILES.items():
        checks.near(
            f"{where} response_{name}_ns", number(summary[f"response_{name}_ns"]),
            histograms.censored_percentile(answered, given_up, percent), 0)
    for metric in ("service", "send-lag", "pacing-lag", "connect", "failure"):
        check_metric(checks, where, summary, metric.replace("-", "_"), tags[metric] if open_loop or "lag" not in metric else Counter())


def check_metric(checks, where, row, metric, counts):
    checks.same(f"{where} {metric}_count", count(row, f"{metric}_count"), histograms.total(counts))
    checks.near(f"{where} {metric}_mean_ns", number(row[f"{metric}_mean_ns"]), histograms.mean(counts))
    for name, percent in PERCENTILES.items():
        checks.near(f"{where} {metric}_{name}_ns", number(row[f"{metric}_{name}_ns"]), histograms.percentile(counts, percent), 0)


def check_intervals(folder, checks, at, summary):
    """Times by client and second; earlier versions of schema 2 told of answered requests alone."""
    intervals = raw_rows(folder, at, "intervals.csv")
    first = {}
    for row in intervals:
        first.setdefault(row["client"], number(row["start_ms"]))
    starts = [(number(r["start_ms"]) - first[r["client"]]) / 1000 for r in intervals]
    where = f"intervals.csv {at}"
    tags = histograms.by_interval(folder.raw(at, "latency.hlog") or "", starts)
    if tags is None:
        checks.fail(where, "its intervals are not those of latency.hlog")
        return
    censored = bool(intervals) and "response_censored_count" in intervals[0]
    if censored and "load-lost" not in listed(summary["marks"]):
        checks.same(
            where + " response_censored_count", summed(intervals, "response_censored_count"),
            count(summary, "response_censored_count"))
    for row, counts in zip(intervals, tags):
        here = f"{where} {row['client']} at {row['start_ms']} ms"
        answered, given_up = counts["response"], counts["censored"] if censored else Counter()
        checks.same(here + " answered_count", count(row, "answered_count"), histograms.total(answered))
        if censored:
            checks.same(here + " response_censored_count", count(row, "response_censored_count"), histograms.total(given_up))
            checks.near(
                here + " response_exact_up_to_pct", number(row["response_exact_up_to_pct"]),
                histograms.exact_up_to(answered, given_up))
        for name in ("p50", "p99", "max"):
            checks.near(
                f"{here} response_{name}_ns", number(row[f"response_{name}_ns"]),
                histograms.at_least(answered, given_up, PERCENTILES[name]))
        checks.near(here + " send_lag_p99_ns", number(row["send_lag_p99_ns"]), histograms.end(counts["send-lag"], 99))
        checks.near(here + " connect_p50_ns", number(row["connect_p50_ns"]), histograms.end(counts["connect"], 50))


def check_marks(folder, checks, at, summary, cell):
    """All marks but those that need what is in no file: lost processes, an early drain."""
    counters = {r["counter"]: number(r["value"]) for r in raw_rows(folder, at, "counters.csv")}
    early = summary["status"] == "partial"
    fixed = cell.fixed and not cell.provoking
    own = {
        "rate-missed": not cell.provoking and not early
        and number(summary["achieved_per_s"]) < 0.98 * number(summary["target_per_s"]),
        "errors": not cell.provoking and count(summary, "requests_failed_count") > 0,
        "unfinished": not cell.provoking and count(summary, "requests_unanswered_count") > 0,
        "connection-changed-pod": count(summary, "connections_strays_count") > 0,
        "connections-missing": fixed and count(summary, "connections_opened_count") != cell.connections,
        "witnesses-disagree": bool(folder.disagreements[at]),
        "cpu-stolen": number(summary["host_steal_pct"]) > 5,
        "proxy-counts-differ": cell.proxied and not all(within for *_, within in legs.Repetition(folder, cell, at).held()),
        "does-not-add-up": not adds_up(folder, at, summary),
        "clients-not-together": counters.get("start_spread_ms", 0) > 100,
    }
    said = set(listed(summary["marks"]))
    for mark, applies in own.items():
        checks.same(f"summary.csv {at} mark {mark}", mark in said, applies)
    checks.same(f"summary.csv {at} drained-early", "drained-early" in said, early)
    clients = of_clients(folder, at)
    if clients:
        checks.same(f"summary.csv {at} mark client-short-of-cpu", "client-short-of-cpu" in said, any(map(short_of_cpu, clients)))
    if not early:
        checks.same(f"summary.csv {at} status", summary["status"], "marked" if said else "ok")


def adds_up(folder, at, summary):
    """Due requests were answered or given up, answers came on connections, and these landed on pods or on none."""
    ledger = folder.ledger[at]
    answered = count(summary, "requests_answered_count")
    return (
        count(summary, "requests_due_count") == answered + count(summary, "response_censored_count")
        and given_up_adds_up(summary)
        and all(count(r, "due_count") == sum(count(r, c + "_count") for c in ("answered", "failed", "unanswered"))
                for r in raw_rows(folder, at, "due.csv"))
        and answered == sum(count(c, "measured_requests_count") for c in ledger)
        and all((c["death"] == "open") == (c["lived_ms"] == "NA") for c in ledger)
        and (folder.cells[at[0]].proxied or len(ledger) == sum(count(p, "connections_count") for p in folder.distribution[at]) + sum(c["pod"] == "NA" for c in ledger)))


def given_up_adds_up(summary):
    """Of those without an answer some failed and the others waited until the end; earlier schemas did not tell them apart."""
    if summary.get("requests_due_failed_count", "NA") == "NA":
        return True
    failed, unanswered = count(summary, "requests_due_failed_count"), count(summary, "requests_due_unanswered_count")
    return (
        count(summary, "response_censored_count") == failed + unanswered
        and failed <= count(summary, "requests_failed_count") and unanswered <= count(summary, "requests_unanswered_count"))


def check_processes(folder, checks, at, cell):
    """Of clients what they read themselves; of pods and proxies that they are there as the route has them."""
    table = raw_rows(folder, at, "processes.csv")
    cpu = {r["source"]: number(r["value"]) for r in raw_rows(folder, at, "counters.csv") if r["counter"] == "cpu_ns"}
    where = f"processes.csv {at}"
    for row in table:
        if row["role"] == "client":
            checks.near(f"{where} {row['process']} cpu_ns", number(row["cpu_ns"]), cpu.get(row["process"], math.nan))
        checks.same(f"{where} {row['process']} serves pods", count(row, "pods_count") > 0, row["role"] == "pods")
        checks.between(f"{where} {row['process']} resident_bytes", number(row["resident_bytes"]), 0, number(row["peak_bytes"]))
    checks.same(where + " has a proxy", any(r["role"] == "proxy" for r in table) and not cell.proxied, False)


def of_clients(folder, at):
    """Counters of each client that has all of them; earlier versions wrote its CPU time alone."""
    clients = defaultdict(dict)
    for row in raw_rows(folder, at, "counters.csv"):
        clients[row["source"]][row["counter"]] = number(row["value"])
    return [c for c in clients.values() if {"cpu_ns", "run_queue_ns", "cpus_count", "measured_ns", "pacing_lag_p99_ns"} <= set(c)]


def short_of_cpu(client):
    """Late by more than 10 ms, waited more than three times as long as it ran and not in time, or more threads than CPUs; not known is no sign."""
    wanted = client["cpu_ns"] + client["run_queue_ns"]
    return (client["pacing_lag_p99_ns"] > 10e6
            or not client["pacing_lag_p99_ns"] < 1e6 and client["run_queue_ns"] > 0.75 * wanted
            or wanted > client["cpus_count"] * client["measured_ns"])


def to_pods(folder, at, ledger, cell):
    """Connections to pods: the clients', or a proxy's."""
    return [r for r in raw_rows(folder, at, "proxied.csv") if r["leg"] == "to-pod"] if cell.proxied else ledger


def check_pods(folder, checks, at, ledger, tags):
    cell = folder.cells[at[0]]
    for row in folder.distribution[at]:
        where = f"distribution.csv {at} {row['pod']}"
        here = [c for c in to_pods(folder, at, ledger, cell) if c["pod"] == row["pod"]]
        checks.same(where + " connections_count", count(row, "connections_count"), len(here))
        if cell.proxied:
            # which pod answered a request is in no row of a connection
            checks.same(where + " requests_count", count(row, "requests_count"), count(row, "response_count"))
        else:
            checks.same(where + " requests_count", count(row, "requests_count"), summed(here, "measured_requests_count"))
            checks.same(where + " pod_index of connections", {c["pod_index"] for c in here} <= {row["pod_index"]}, True)
        check_metric(checks, where, row, "response", tags[f"response.{row['pod']}"])


def opened_by_request(cell):
    """Of libraries some open a connection by a request; the loop tries each long-lived one by one."""
    return cell.protocol in OPENED_BY_REQUEST or (cell.long_lived and cell.settings.get("client") == "loop")


def check_over_time(folder, checks, at, summary, ledger):
    """Sums by pod against the ledger, and at every bin's end the connections whose life holds it."""
    table = raw_rows(folder, at, "pods_over_time.csv")
    where = f"pods_over_time.csv {at}"
    answered, held = Counter(), defaultdict(dict)
    for row in table:
        answered[row["pod"]] += count(row, "answered_count")
        if row["pod"] != "NA":
            held[row["pod"]][number(row["at_ms"])] = count(row, "connections_count")
    cell = folder.cells[at[0]]
    replied, first = Counter(), Counter()
    for row in ledger:
        replied[row["pod"]] += count(row, "requests_count")
        first[row["pod"]] += opened_by_request(cell) and count(row, "requests_count") > 0
    # the request that opens a connection is before all phases, and in the ledger alone; of a shared client every caller has one
    if cell.pooling == "dedicated" and cell.cure == "none" and not cell.provoking and not summed(ledger, "strays_count"):
        for pod in {r["pod"] for r in folder.distribution[at]}:
            checks.same(f"{where} {pod} answered", answered[pod], replied[pod] - first[pod])
    if "load-lost" not in listed(summary["marks"]):
        openings = max(sum(first.values()), cell.connections if opened_by_request(cell) else 0)
        checks.between(
            where + " answered, all pods", sum(answered.values()), sum(replied.values()) - openings, sum(replied.values()))
    checks.between(where + " failed", summed(table, "failed_count"), 0, count(summary, "requests_failed_count"))
    # what brings a connection up may be sent again before all phases; folders without the column are from when nothing was
    again = sum(int(r.get("retried_count", 0)) for r in table)
    checks.between(where + " retried", again, 0, int(summary.get("requests_retried_count", 0)))
    if not cell.retries:
        checks.same(f"summary.csv {at} requests_retried_count with retries off", int(summary.get("requests_retried_count", 0)), 0)
    bins = sorted({number(r["at_ms"]) for r in table})
    for pod in {r["pod"] for r in folder.distribution[at]}:
        lives = [life(c) for c in ledger if c["pod"] == pod]
        for start in (bins if lives else []):
            end = start + BIN_MS
            slack = 1e-5 * end + 1e-3
            checks.between(
                f"{where} {pod} connections at {end:g} ms", held[pod].get(start, 0),
                sum(born <= end - slack and died > end + slack for born, died in lives),
                sum(born <= end + slack and died > end - slack for born, died in lives))


def life(row):
    born = number(row["born_ms"])
    return born, math.inf if row["lived_ms"] == "NA" else born + number(row["lived_ms"])
