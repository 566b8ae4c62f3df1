"""A result folder: its tables, raw files, and cells by their axes."""
import csv
import io
import json
import math
import os
import zipfile
from collections import defaultdict

OF_A_PLANE = ("ipvs-tcp-timeout", "expire-nodest-conn", "conn-reuse-mode", "kube-proxy")
USUAL = {
    "client": "library", "retries": "off", "arrivals": "regular", "keep-alive-interval": "1s", "ipvs-tcp-timeout": "900s",
    "conntrack-tcp-timeout-established": "86400s", "expire-nodest-conn": "1", "conn-reuse-mode": "1", "syn-retries": "6", "tcp-retries": "15"}
OF_LOAD = ("client", "arrivals", "keep-alive-interval", "retries")
OTHER_LAW = {"local-ports", "conntrack-max"}
POLICIES = {"round-robin", "least-request", "weighted-round-robin", "pick-first", "least-connections"}
PROXIES = ("haproxy-", "envoy-")
CHOICES = {
    "iptables": "draw", "nftables": "draw", "direct": "client-in-turn",
    "rr": "node-in-turn", "wrr": "node-in-turn", "lc": "least-connections", "wlc": "least-connections",
    "sed": "least-active", "nq": "least-active", "sh": "client-hash", "dh": "service-hash", "mh": "draw",
}


def number(text):
    """A number of a table; not a number where there is none."""
    return math.nan if text in ("NA", "") else float(text)


def listed(text):
    """A list of a table."""
    return [] if text == "none" else text.split(";")


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def of_client(words):
    """How a client that balances for itself chooses: one that keeps a pod draws it from a list, or takes the first of one that all know alike."""
    if "pick-first" not in words or "by=server" in words:
        return "client-balanced"
    if "shuffle=no" not in words:
        return "draw"
    return "client-balanced" if "learning=dns" in words else "client-first"


class Cell:
    """A row of cells.csv, and what follows from its axes."""

    def __init__(self, row):
        # a folder without the column has the rules of 1.34, and titles from when nobody had to say so
        old = "kube_proxy" not in row
        known = {"kube_proxy": "1.34" if row["data_plane"] == "nftables" else "NA", "cure": "none"}
        self.row = row = {**known, **row}
        self.id = row["cell_id"]
        self.number = int(row["number"])
        self.title = row["title"].replace("nftables", "nftables, kube-proxy 1.34", 1) if old and row["data_plane"] == "nftables" else row["title"]
        self.testbed = row["testbed"]
        self.plane = row["data_plane"]
        self.scheduler = row["ipvs_scheduler"]
        self.protocol = row["protocol"]
        self.pooling = row["pooling"]
        self.connections = int(row["connections_count"])
        self.pods = int(row["pods_count"])
        self.clients = int(row["clients_count"])
        self.nodes = int(row["nodes_count"])
        self.rate = row["rate"]
        self.settings = dict(s.split("=", 1) for s in listed(row["settings"]))
        # whoever names what holds anyway asks for nothing else
        self.unusual = {k: v for k, v in self.settings.items() if USUAL.get(k) != v}
        self.retries = self.settings.get("retries") == "library"
        self.poisson = self.settings.get("arrivals") == "poisson"
        self.changes = row["events"] != "none"
        self.idle_ms = int(row["idle_ms"])
        self.warmup_ms = int(row["warmup_ms"])
        self.measure_ms = int(row["measure_ms"])
        self.cure = row["cure"]
        parts = [p.split(",") for p in self.cure.split("+")]
        balanced = any(p[0] in POLICIES for p in parts)
        self.recycled = any(w.startswith(("max-age=", "max-requests=")) for p in parts for w in p)
        self.by_server = "by=server" in sum(parts, [])
        self.proxied = any(p[0].startswith(PROXIES) for p in parts)
        own = of_client(sum(parts, [])) if balanced else "proxy" if self.proxied else None
        self.pinned = any(p[0] == "session-affinity" for p in parts)
        self.same_zone = any(p[0] == "same-zone" for p in parts)
        own = own or ("client-pinned" if self.pinned else None)
        self.choice = own or CHOICES[self.scheduler if self.plane == "ipvs" else self.plane]
        self.choice = "zone-draw" if self.same_zone and self.choice == "draw" else self.choice
        self.balanced = self.choice == "client-balanced"
        unkept = self.recycled and self.choice in ("client-in-turn", "least-connections", "least-active")
        timeouts = [1000 * int(w[8:-1]) for p in parts for w in p if p[0] == "session-affinity" and w.startswith("timeout=")]
        forgets = any(t < self.warmup_ms + self.idle_ms + self.measure_ms for t in timeouts)
        self.other_law = forgets or self.balanced or self.proxied or unkept or bool(OTHER_LAW & set(self.settings))
        self.long_lived = self.protocol != "short-lived"
        # each caller has the one connection that it was asked to have
        self.fixed = self.long_lived and self.pooling == "dedicated" and self.cure == "none"
        self.provoking = self.idle_ms > 0 or self.changes or self.by_server or any(s not in OF_LOAD for s in self.settings)
        self.plain = not self.provoking and self.nodes == 1 and self.cure == "none"
        self.drawn = self.choice == "draw"
        self.behind_service = self.plane != "direct" and (self.pinned or not own)
        words = self.title.split(", ")
        of_plane = [words[0]] + [w for w in words[1:] if w.split(" ")[0] in OF_A_PLANE]
        self.variant = ", ".join(of_plane)
        self.workload = ", ".join(w for w in words if w not in of_plane)
        self.name = f"{self.title} (#{self.number})"

    def axes(self, **other):
        """All axes that make a cell what it is, some of them otherwise: equal for the same set-up."""
        axes = {k: self.row[k] for k in self.row if k not in ("run", "cell_id", "number", "title", "cell", "block", "repetitions_count")}
        axes["settings"] = self.unusual
        axes.update(other)
        return axes

    def rates(self):
        """First, mean and last of the measure phase, requests a second; None in a closed loop."""
        if self.rate == "closed":
            return None
        rates = [float(r) for r in self.rate.replace("..", "/").split("/")]
        return rates[0], sum(rates) / len(rates), rates[-1]

    @property
    def group(self):
        """What cells have in common that differ in the data plane alone."""
        phases = tuple(self.row[p] for p in ("warmup_ms", "idle_ms", "measure_ms", "drain_ms"))
        return self.testbed, self.workload, self.unusual.get("client"), self.poisson, self.pods, self.rate, self.nodes, phases, self.row["events"]


class Folder:
    """A result folder; raw files of repetitions may be packed."""

    def __init__(self, path):
        self.path = path
        self.manifest = json.loads(self.text("manifest.json"))
        self.schema = self.manifest.get("schema", 1)
        packed = os.path.join(path, "cells.zip")
        self.zip = zipfile.ZipFile(packed) if os.path.exists(packed) else None
        if self.schema < 2:
            return
        if any("pooled_p" not in r for r in self.table("matrices.csv")):
            raise ValueError("matrices.csv has the columns of an earlier version; mend: conntrail report " + path)
        self.cells = {r["cell_id"]: Cell(r) for r in self.table("cells.csv")}
        self.summary = {self.at(r): r for r in self.table("summary.csv")}
        self.ledger = self.by("connections.csv")
        self.distribution = self.by("distribution.csv")
        for pods in self.distribution.values():
            pods.sort(key=lambda r: int(r["pod_index"]))
        self.events = self.by("events.csv")
        self.effects = self.by("effects.csv")
        for row in (r for rows_of_one in self.effects.values() for r in rows_of_one if "failed_count" in r):
            row["failures_count"] = row.pop("failed_count")
        self.disagreements = self.by("disagreements.csv")

    @staticmethod
    def at(row):
        return row["cell_id"], int(row["repetition"])

    def text(self, name):
        with open(os.path.join(self.path, name), encoding="utf-8", newline="") as file:
            return file.read()

    def exists(self, name):
        return os.path.exists(os.path.join(self.path, name))

    def table(self, name):
        """Its rows; none if it is not there."""
        return rows(self.text(name)) if self.exists(name) else []

    def by(self, name):
        """Rows of a table by cell and repetition."""
        sorted_rows = defaultdict(list)
        for row in self.table(name):
            sorted_rows[self.at(row)].append(row)
        return sorted_rows

    def raw(self, at, name):
        """The text of a raw file of a repetition; None if it is not there."""
        inside = f"{at[0]}/rep-{at[1]:02d}/{name}"
        if self.zip:
            return self.zip.read(inside).decode() if inside in self.zip.namelist() else None
        inside = os.path.join("cells", inside)
        return self.text(inside) if self.exists(inside) else None

    def measured(self):
        """Cells that have results, in the order of the run."""
        having = {cell for cell, _ in self.summary}
        return [c for c in self.cells.values() if c.id in having]

    def repetitions(self, cell):
        """Summaries of a cell's repetitions, in the order of the table."""
        return [r for (c, _), r in self.summary.items() if c == cell.id]

    def counted(self, cell):
        """Repetitions whose pods' counts are whole."""
        return [
            self.at(r) for r in self.repetitions(cell)
            if not {"pod-lost", "pod-uncounted"} & set(listed(r["marks"])) and self.distribution[self.at(r)]
        ]
