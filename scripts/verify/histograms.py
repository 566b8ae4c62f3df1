"""HdrHistogram logs (format 1.3, V2 encoding, compressed), values in ns."""
import base64
import math
import struct
import zlib
from collections import Counter, defaultdict

COOKIE, COMPRESSED = 0x1C849303, 0x1C849304


def decoded(payload):
    """Counts by bucket (lowest value, number of values that are told as one)."""
    data = base64.b64decode(payload)
    cookie, length = struct.unpack(">ii", data[:8])
    if cookie & ~0xF0 != COMPRESSED:
        raise ValueError(f"unknown histogram cookie {cookie:x}")
    data = zlib.decompress(data[8:8 + length])
    cookie, size, _, digits, lowest, _, _ = struct.unpack(">iiiiqqd", data[:40])
    if cookie & ~0xF0 != COOKIE:
        raise ValueError(f"unknown histogram cookie {cookie:x}")
    half = math.ceil(math.log2(2 * 10 ** digits)) - 1
    unit = int(math.floor(math.log2(max(lowest, 1))))
    counts, index = Counter(), 0
    for value in zigzag(data[40:40 + size]):
        if value < 0:
            index -= value
            continue
        if value > 0:
            bucket = (index >> half) - 1
            sub = (index & ((1 << half) - 1)) + (1 << half)
            if bucket < 0:
                sub -= 1 << half
                bucket = 0
            counts[sub << (bucket + unit), 1 << (bucket + unit)] += value
        index += 1
    return counts


def zigzag(data):
    """LEB128 numbers of up to nine bytes, the sign in the lowest bit."""
    at = 0
    while at < len(data):
        value, shift = 0, 0
        while True:
            byte = data[at]
            at += 1
            if shift == 56:
                value |= byte << shift
                break
            value |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
        yield (value >> 1) ^ -(value & 1)


def read(text):
    """Counts by tag, all intervals together."""
    tags = defaultdict(Counter)
    for tag, _, payload in entries(text):
        tags[tag].update(decoded(payload))
    return tags


def entries(text):
    """Tag, start in seconds, and encoded counts of each line, in the order of the log."""
    for line in text.splitlines():
        if line.startswith(("#", '"')) or not line:
            continue
        tag = ""
        if line.startswith("Tag="):
            tag, line = line[4:].split(",", 1)
        start, _, _, payload = line.split(",")
        yield tag, start, payload


def by_interval(text, starts):
    """Counts by tag of each interval, given their starts in seconds in the order of the log: client by client, in time. None if they do not fit."""
    lines = [e for e in entries(text) if not e[0].startswith("response.")]
    intervals, at = [], 0
    for start in starts:
        tags = defaultdict(Counter)
        # starts in tables have six digits
        while at < len(lines) and abs(float(lines[at][1]) - start) <= 1e-3 + 1e-5 * start and lines[at][0] not in tags:
            tags[lines[at][0]] = decoded(lines[at][2])
            at += 1
        intervals.append(tags)
    return intervals if at == len(lines) else None


def end(counts, percent):
    """The end of the bucket of that percentage, however few values lie beyond it; not a number of nothing."""
    if not counts:
        return math.nan
    low, width = bucket(counts, percent)
    return low + width - 1


def total(counts):
    return sum(counts.values())


def mean(counts):
    """Every value taken for the middle of its bucket."""
    n = total(counts)
    return sum((low + width // 2) * c for (low, width), c in counts.items()) / n if n else math.nan


def bucket(counts, percent):
    """The bucket in which the value of that rank lies."""
    wanted = max(1, math.ceil(math.nextafter(percent, -math.inf) * total(counts) / 100)) if percent < 100 else total(counts)
    seen = 0
    for at in sorted(counts):
        seen += counts[at]
        if seen >= wanted:
            return at
    raise ValueError("no values")


def percentile(counts, percent):
    """The end of that bucket; not a number where fewer than five values lie beyond it."""
    n = total(counts)
    if not tells(n, percent):
        return math.nan
    low, width = bucket(counts, percent)
    return low + width - 1


def tells(n, percent):
    return n > 0 and (percent in (50, 100) or n * (100 - percent) >= 500)


def censored_percentile(answered, given_up, percent):
    """The same where some values are known to be longer than what stands there only: then the lower end."""
    return at_least(answered, given_up, percent) if tells(total(answered + given_up), percent) else math.nan


def at_least(answered, given_up, percent):
    """The same however few values lie beyond it."""
    soonest = answered + given_up
    if not soonest:
        return math.nan
    low, width = bucket(soonest, percent)
    latest = Counter(answered)
    if given_up:
        latest[1 << 80, 1] = total(given_up)
    return low + width - 1 if bucket(latest, percent) == (low, width) else low


def exact_up_to(answered, given_up):
    """The highest percentage of values whose bucket is known."""
    n = total(answered) + total(given_up)
    if not given_up:
        return 100.0
    soonest = sorted((answered + given_up).elements())
    known = sorted(answered.elements())
    return 100 * max((rank + 1 for rank, at in enumerate(known) if soonest[rank] == at), default=0) / n
