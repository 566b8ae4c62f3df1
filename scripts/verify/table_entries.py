"""Entries that connections have in the kernels' tables (conntrack.txt), hop by hop."""
import math

from .folder import rows
from .witnesses import ENTRY


def of_cell(folder, cell):
    """Of a client's connection, of a proxy's to a pod, and of both those that are translated: means over repetitions with a table."""
    every = [e for s in folder.repetitions(cell) for e in [of_repetition(folder, cell, folder.at(s))] if e]
    return [mean(figures) for figures in zip(*every)] if every else [math.nan] * 3


def of_repetition(folder, cell, at):
    listing = folder.raw(at, "conntrack.txt")
    if listing is None:
        return None
    proxies = {(r["address"], r["port"]) for r in rows(folder.raw(at, "proxied.csv") or "") if r["leg"] == "to-pod"}
    clients = {(r["local_address"], r["local_port"]) for r in folder.ledger[at]} - proxies
    entries = [e for e in map(ENTRY.findall, listing.splitlines()) if len(e) == 2]
    hops = [[e for e in entries if (e[0][0], e[0][2]) in ends] for ends in (clients, proxies)]
    translated = sum(each(hop, [e for e in hop if is_translated(e)]) for hop in hops)
    return each(hops[0], hops[0]), each(hops[1], hops[1]) if cell.proxied else math.nan, translated


def is_translated(entry):
    """Whether replies come from elsewhere than the connection was opened to."""
    (_, to, _, port), (replier, _, replier_port, _) = entry
    return (to, port) != (replier, replier_port)


def each(entries, some):
    """Some entries by the connections of all; a connection is who opened it and who answers."""
    connections = {(first[0], first[2], back[0], back[2]) for first, back in entries}
    return len(some) / len(connections) if connections else 0


def mean(figures):
    known = [f for f in figures if not math.isnan(f)]
    return sum(known) / len(known) if known else math.nan
