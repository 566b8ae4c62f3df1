"""Figures as people read them, and the figures that a text has."""
import math
import re
from decimal import ROUND_HALF_UP, Context, Decimal

TOKEN = re.compile(r"(?<![\w.-])(<)?(\d[\d,]*(?:\.\d+)?(?:e-?\d+)?)")


def whole(x):
    return f"{x:,.0f}"


def number(x):
    """Three significant digits, all digits before the point."""
    if x == round(x) or abs(x) >= 999.5:
        return f"{Decimal(x).quantize(Decimal(1), 'ROUND_HALF_UP' if x == round(x) else 'ROUND_HALF_UP'):,}"
    if abs(x) < 0.0001:
        return "<0.0001"
    rounded = Context(prec=3, rounding=ROUND_HALF_UP).create_decimal(Decimal(x))
    digits = rounded.adjusted() + 1
    return f"{rounded:.{max(0, 3 - digits)}f}"


def probability(p):
    if p < 1e-12:
        return "1e-12"
    if p >= 0.9995:
        return "1"
    return f"{p:.1e}".replace("e-0", "e-") if p < 0.001 else f"{p:.3f}"


def readings(x):
    """All that a figure may be written as: a count, a number, a time of nanoseconds or milliseconds, a probability."""
    if not math.isfinite(x):
        return set()
    written = {number(x), number(x / 1e3), number(x / 1e6), number(x / 1e9), probability(x) if 0 <= x <= 1 else ""}
    # what is halfway may be rounded either way, and tables have six digits
    written |= {number(x * (1 + e)) for e in (1e-12, -1e-12, 5e-6, -5e-6)}
    return {w.lstrip("<-") for w in written if w}


def tokens(text):
    """The figures of a text."""
    return [t.rstrip(",") for _, t in TOKEN.findall(text)]


def leaves(figures):
    """All numbers and names of nested figures."""
    if isinstance(figures, dict):
        for value in figures.values():
            yield from leaves(value)
    elif isinstance(figures, list):
        for value in figures:
            yield from leaves(value)
    elif figures is not None:
        yield figures
