"""connections.csv against what the pods counted (echo.csv) and what the kernel's table says (conntrack.txt), connection by connection."""
import re
import math
from collections import Counter, defaultdict

from .folder import listed, rows

ENDS = {"told-to-end", "ended", "killed"}
CLOSED_WHEN_ASKED = {"http1", "websocket"}
SAYS_GOODBYE_ITSELF = "grpc"

ENTRY = re.compile(r"src=(\S+) dst=(\S+) sport=(\d+) dport=(\d+)")
OF_PODS = {"not-in-ledger", "not-at-any-pod", "pod", "requests"}


def check(folder, checks):
    for at, summary in folder.summary.items():
        if {"pod-lost", "pod-uncounted", "load-lost"} & set(listed(summary["marks"])):
            continue
        direct = not folder.cells[at[0]].behind_service
        ledger = folder.ledger[at]
        if folder.cells[at[0]].proxied:
            check_proxied(folder, checks, at, ledger)
            continue
        kernel, translated = kernel_table(folder.raw(at, "conntrack.txt") or "", ledger, direct)
        check_pods(folder, checks, at, direct, translated)
        check_closed(folder, checks, at, summary, translated)
        if not direct:
            check_compared(folder, checks, at, summary, kernel, translated)
        if summary["cross_check_kernel"] == "true":
            check_kernel(folder, checks, at, direct, kernel)


def check_proxied(folder, checks, at, ledger):
    """Both legs: the proxy's own log has the clients' connections and the pods', and its counters are their sums."""
    where = f"proxied.csv {at}"
    if folder.disagreements[at]:
        return
    legs = defaultdict(list)
    for row in rows(folder.raw(at, "proxied.csv") or ""):
        legs[row["leg"]].append(row)
    mine = {(r["local_address"], r["local_port"]) for r in ledger}
    came = {(r["address"], r["port"]) for r in legs["to-proxy"]}
    checks.same(where + " connections of clients", came, mine)
    proxies = {r["address"] for r in legs["to-pod"]}
    seen = [r for r in rows(folder.raw(at, "echo.csv") or "") if r["client_address"] in proxies]
    went = Counter((r["address"], r["port"], r["pod"]) for r in legs["to-pod"])
    checks.same(where + " connections to pods", went, Counter((r["client_address"], r["client_port"], r["pod"]) for r in seen))
    counters = {(r["source"], r["counter"]): float(r["value"]) for r in rows(folder.raw(at, "counters.csv") or "")}
    for proxy, pod in sorted({(r["proxy"], r["pod"]) for r in legs["to-pod"]}):
        own = [r for r in legs["to-pod"] if (r["proxy"], r["pod"]) == (proxy, pod)]
        name = f"{proxy} {pod}"
        # where pods end, a proxy also counts what they did not take
        for counter, n in (("connections_count", len(own)), ("requests_count", sum(int(r["requests_count"]) for r in own))):
            counted = counters[name, counter]
            checks.between(where + f" {name} {counter}", counted, n, math.inf if folder.cells[at[0]].changes else n)
    if folder.cells[at[0]].protocol not in ("websocket", "grpc-stream"):
        counted = Counter()
        for r in seen:
            counted[r["client_address"], r["client_port"], r["pod"]] += int(r["requests_count"])
        logged, cut = Counter(), 0
        for r in legs["to-pod"]:
            logged[r["address"], r["port"], r["pod"]] += int(r["requests_count"])
            cut += int(r.get("unanswered_count", 0))
        # what a pod served and the proxy had no answer to, for which its client has none either
        more = counted - logged
        checks.same(where + " requests to pods that they do not have", dict(logged - counted), {})
        checks.between(where + " requests that pods have besides", sum(more.values()), 0, max(cut, unanswered(folder, at)))
    checks.compared += len(ledger) + len(seen)


def unanswered(folder, at):
    """Requests that clients sent and have no reply to, of all phases; one that a library sent again is one for each time but the last."""
    summary = folder.summary[at]
    return int(summary["requests_unanswered_count"]) + int(summary.get("requests_retried_count", 0)) + sum(
        int(r["requests_count"]) for r in rows(folder.raw(at, "errors.csv") or ""))


def end(row, direct):
    """What tells a connection from others: the client's end, and the pod's address where each pod has its own."""
    return row["local_address"], row["local_port"], row["remote_address"] if direct else ""


def kernel_table(text, ledger, direct):
    """Who answers, by the client's end; and the client's own port by what the pod sees, where the kernel has changed it."""
    clients = {r["local_address"] for r in ledger}
    remotes = {r["remote_address"] for r in ledger}
    table, translated = {}, {}
    for line in text.splitlines():
        ways = ENTRY.findall(line)
        if len(ways) != 2 or ways[0][0] not in clients or ways[0][1] not in remotes:
            continue
        (client, remote, port, _), (answers, _, _, seen) = ways
        table[client, port, remote if direct else ""] = answers
        if seen != port:
            translated[client, seen, answers] = port
    return table, translated


def check_pods(folder, checks, at, direct, translated):
    """Every connection with replies is at its pod, with as many requests; a pod may have served more where replies are missing."""
    where = f"connections.csv {at}"
    addresses = pod_addresses(folder, at)
    left = defaultdict(list)
    for row in rows(folder.raw(at, "echo.csv") or ""):
        port = translated.get((row["client_address"], row["client_port"], addresses.get(row["pod"])), row["client_port"])
        left[row["client_address"], port, row["pod"]].append(int(row["requests_count"]))
    wrong, more = 0, 0
    for row in folder.ledger[at]:
        if row["pod_by"] not in ("reply", "pod"):
            continue
        counted = left[row["local_address"], row["local_port"], row["pod"]]
        requests = int(row["requests_count"])
        if requests in counted:
            counted.remove(requests)
        elif any(c > requests for c in counted):
            counted.remove(besides := min(c for c in counted if c > requests))
            more += besides - requests
        else:
            wrong += 1
    clients = {r["local_address"] for r in folder.ledger[at]}
    wrong += sum(len([n for n in c if n]) for (client, _, _), c in left.items() if client in clients)
    # a client may have given up a connection as the pod took it, each for a request without a reply
    unasked = sum(c.count(0) for (client, _, _), c in left.items() if client in clients)
    wrong += max(0, unasked - unanswered(folder, at))
    said = [set(r["differences"].split(";")) for r in folder.disagreements[at]]
    if any(d & OF_PODS for d in said):
        checks.between(where + " connections that pods count otherwise", wrong, 0, 2 * len(said))
    else:
        checks.same(where + " connections that pods count otherwise", wrong, 0)
        checks.between(where + " what pods count besides", more + unasked, 0, unanswered(folder, at))
    checks.compared += len(folder.ledger[at])


def check_closed(folder, checks, at, summary, translated):
    """Who closed each connection, as its pod saw it, can be how it ended for its client, but for as many as disagreements.csv lists."""
    addresses = pod_addresses(folder, at)
    stopped = {p for e in folder.events[at] if e.get("step") in ENDS for p in listed(e["pods"])}
    cut_short = "event-cut-short" in listed(summary["marks"])
    seen = defaultdict(list)
    for row in rows(folder.raw(at, "echo.csv") or ""):
        if row.get("closed_by", "NA") != "NA":
            port = translated.get((row["client_address"], row["client_port"], addresses.get(row["pod"])), row["client_port"])
            seen[row["client_address"], port, row["pod"]].append(row)
    mine = defaultdict(list)
    for row in folder.ledger[at]:
        mine[row["local_address"], row["local_port"], row["pod"]].append(row)
    wrong = 0
    for who in mine.keys() & seen.keys():
        # of several connections of one end as few as can be contradict each other: what fits few is given first
        left = list(seen[who])
        for row in sorted(mine[who], key=lambda r: sum(fits(r, e, stopped, cut_short) for e in left)):
            alike = [e for e in left if e["requests_count"] == row["requests_count"]] or left
            if alike:
                theirs = max(alike, key=lambda e: fits(row, e, stopped, cut_short))
                left.remove(theirs)
                wrong += not fits(row, theirs, stopped, cut_short)
    said = sum("closed-by" in r["differences"].split(";") for r in folder.disagreements[at])
    checks.same(f"echo.csv {at} connections that ended otherwise for their clients", wrong, said)


def fits(mine, theirs, stopped, cut_short):
    """Whether both can be true: only who heard of it can say that it was the other."""
    death, by, protocol = mine["death"], theirs["closed_by"], theirs["protocol"]
    if by == "pod-exit":
        return cut_short or theirs["pod"] in stopped
    if death == "peer-fin":
        return by in ("pod", "pod-goodbye") or by == "client" and protocol in CLOSED_WHEN_ASKED
    return death != "goodbye" or by != "client" or protocol == SAYS_GOODBYE_ITSELF


def check_compared(folder, checks, at, summary, kernel, translated):
    """What was compared: of each end of a client as many connections as ledger or pods have, or the kernel's one."""
    addresses = pod_addresses(folder, at)
    clients = {r["local_address"] for r in folder.ledger[at]}
    mine = Counter((r["local_address"], r["local_port"]) for r in folder.ledger[at])
    theirs = Counter()
    for row in rows(folder.raw(at, "echo.csv") or ""):
        seen = (row["client_address"], row["client_port"], addresses.get(row["pod"]))
        if row["client_address"] in clients:
            theirs[row["client_address"], translated.get(seen, row["client_port"])] += 1
    ends = {(client, port) for client, port, _ in kernel} | set(mine) | set(theirs)
    least = sum(max(mine[e], theirs[e]) for e in ends)
    # what was in the kernel's table before is not counted, and is in no file
    alone = sum(not mine[e] and not theirs[e] for e in ends)
    checks.between(
        f"summary.csv {at} cross_check_rows_count", int(summary["cross_check_rows_count"]), least, least + alone)


def pod_addresses(folder, at):
    """Addresses of pods: those most often seen to answer for them in the kernel's table."""
    votes = defaultdict(Counter)
    direct = not folder.cells[at[0]].behind_service
    kernel, _ = kernel_table(folder.raw(at, "conntrack.txt") or "", folder.ledger[at], direct)
    for row in last_of_each_end(folder.ledger[at], direct).values():
        if row["pod"] != "NA" and end(row, direct) in kernel:
            votes[row["pod"]][kernel[end(row, direct)]] += 1
    return {pod: seen.most_common(1)[0][0] for pod, seen in votes.items()}


def last_of_each_end(ledger, direct):
    """The kernel keeps one entry for each: of several connections one after the other it knows the last."""
    last = {}
    for row in sorted(ledger, key=lambda r: float(r["born_ms"])):
        last[end(row, direct)] = row
    return last


def check_kernel(folder, checks, at, direct, kernel):
    """One address answers for each pod and no other, but for as many connections as disagreements.csv lists."""
    said = [set(r["differences"].split(";")) for r in folder.disagreements[at]]
    addresses = pod_addresses(folder, at)
    checks.same(f"conntrack.txt {at} pods with the same address", len(addresses), len(set(addresses.values())))
    others = sum(
        1 for row in last_of_each_end(folder.ledger[at], direct).values()
        if row["pod"] != "NA" and end(row, direct) in kernel and kernel[end(row, direct)] != addresses[row["pod"]])
    checks.same(
        f"conntrack.txt {at} connections that the kernel has at another pod", others, sum("kernel-pod" in d for d in said))
    checks.compared += len(kernel)
