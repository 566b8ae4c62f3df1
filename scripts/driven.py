"""Conntrail's own client and echo, each on a CPU of its own, as peers.py and lag.py have them."""
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
        raise SystemExit(f"peers: no '{pattern}' in:\n{text[-2000:]}")
    return int(float(found.group(1).replace(",", "")))


def cpu_of(command):
    """What a program prints, and what it took of the CPU, with all that it starts."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return done.stdout, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def load(args, protocol, out, client="loop", rate="closed", seconds=None):
    """What Conntrail's client prints."""
    shutil.rmtree(out, ignore_errors=True)
    port = GRPC if protocol == "grpc" else HTTP
    return cpu_of(
        ["taskset", "-c", str(args.client_cpu), args.java, *args.java_options, "-jar", args.jar, "load", "--client", client]
        + ["--protocol", protocol, "--connections", str(CONNECTIONS), "--rate", str(rate), "--warmup-ms", str(1000 * args.warmup)]
        + ["--measure-ms", str(1000 * (seconds or args.seconds)), "--target", f"127.0.0.1:{port}", "--out", out]
    )[0]


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
                    raise SystemExit(f"peers: no server listens on port {port}: {said}")
                time.sleep(0.1)


def machine():
    return f"{os.cpu_count()} CPUs, {os.uname().release}, load average {os.getloadavg()[0]:.1f}, {time.strftime('%Y-%m-%d')}"
