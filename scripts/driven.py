"""Conntrail's own client and echo, each on a CPU of its own, as peers.py, lag.py and profiled.py have them.

All protocols go to the port of HTTP: the echo frames gRPC there by itself, for less of its CPU than grpc-java takes on the other port."""
import argparse
import contextlib
import csv
import json
import os
import re
import resource
import shutil
import socket
import subprocess
import time

HTTP, GRPC, CONNECTIONS = 18480, 19490, 64
PROTOCOLS = ("http1", "http2", "grpc", "websocket")


def number(pattern, text):
    found = re.search(pattern, text)
    if not found:
        raise SystemExit(f"no '{pattern}' in:\n{text[-2000:]}")
    return int(float(found.group(1).replace(",", "")))


def parser(description, seconds, warmup):
    """Options that all have; the client measures for so many seconds, and warms up before."""
    options = argparse.ArgumentParser(description=description)
    options.add_argument("--java", required=True, help=argparse.SUPPRESS)
    options.add_argument("--jar", required=True, help=argparse.SUPPRESS)
    options.add_argument("--seconds", type=int, default=seconds, help="each client measures so long")
    options.add_argument("--warmup", type=int, default=warmup, help="seconds, of Conntrail: Java compiles meanwhile")
    options.add_argument("--client-cpu", type=int, default=0)
    options.add_argument("--server-cpu", type=int, default=1)
    options.add_argument("--protocol", action="append", choices=PROTOCOLS, help="one or more; else all")
    options.add_argument("--java-options", type=str.split, required=True, help="of Conntrail's client; else those of scripts/conntrail.sh load")
    options.add_argument("--csv", help="file to write every measurement to")
    return options


def write_csv(file, rows):
    """A line each; results/README.md explains the columns."""
    if file:
        os.makedirs(os.path.dirname(os.path.abspath(file)), exist_ok=True)
        with open(file, "w", newline="") as out:
            writer = csv.DictWriter(out, fieldnames=list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


def cpu_of(command):
    """What a program prints, what it took of the CPU, with all that it starts, and how long it ran, both in seconds."""
    begun = time.monotonic()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return done.stdout, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, time.monotonic() - begun


def load_command(args, protocol, out, client="loop", rate="closed", seconds=None, warmup=None, java_options=()):
    """Conntrail's client, which writes to a folder that is not there yet and prints JSON."""
    shutil.rmtree(out, ignore_errors=True)
    return (
        ["taskset", "-c", str(args.client_cpu), args.java, *args.java_options, *java_options, "-jar", args.jar, "load", "--json"]
        + ["--client", client, "--protocol", protocol, "--connections", str(CONNECTIONS), "--rate", str(rate)]
        + ["--warmup-ms", str(1000 * (warmup or args.warmup)), "--measure-ms", str(1000 * (seconds or args.seconds))]
        + ["--target", f"127.0.0.1:{HTTP}", "--out", out]
    )


def seen(text):
    """What load printed, if all went well."""
    try:
        answer = json.loads(text)
    except ValueError:
        raise SystemExit("conntrail has no result:\n" + text)
    if answer["requests"]["all_failed_count"]:
        raise SystemExit("conntrail had errors:\n" + text)
    return answer


def cpu_and_busy(out):
    """Of what load wrote of the measure phase: the seconds of the CPU that it took, and the share of one CPU."""
    with open(os.path.join(out, "totals.json")) as found:
        totals = json.load(found)
    return totals["cpu"]["processNs"] / 1e9, totals["cpu"]["processNs"] / totals["measuredNs"]


@contextlib.contextmanager
def echoing(args):
    """An echo that listens, until it is not needed any more."""
    server = echo(args)
    try:
        listening(server)
        yield
    finally:
        server.kill()
        server.wait()


def echo(args):
    return subprocess.Popen(
        ["taskset", "-c", str(args.server_cpu), args.java, "-XX:+UseSerialGC", "-jar", args.jar, "echo"]
        + ["--http-port", str(HTTP), "--grpc-port", str(GRPC)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def listening(server):
    """Waits until a server takes connections on both ports."""
    until = time.monotonic() + 120
    for port in (HTTP, GRPC):
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                if server.poll() is not None or time.monotonic() > until:
                    server.kill()
                    said = server.stdout.read() if server.stdout else ""
                    raise SystemExit(f"no server listens on port {port}: {said}")
                time.sleep(0.1)


def machine():
    return f"{os.cpu_count()} CPUs, {os.uname().release}, load average {os.getloadavg()[0]:.1f}, {time.strftime('%Y-%m-%d')}"
