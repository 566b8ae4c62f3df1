"""What a fair draw of n connections on k pods gives, and what a test of it would find."""
import cmath
import math
import random
from functools import lru_cache

from .numeric import binomial, chi_above, chi_below, chi_quantile_above, poisson

# from so many connections a pod the chi-square distribution is taken
ASYMPTOTIC_FROM = 30
FAMILY_ERROR = 0.001
DRAWS = 100_000

# exact enumeration beyond that takes too long in Python
MOST_EXACT = 450
MOST_PODS = 60
MOST_OUTCOMES = 20_000

# fixed-point numbers side by side in one long integer: a polynomial whose product with a number is one multiplication
FRACTION = 80
FIELD = 2 * FRACTION + 16
LEAST = 1e-17


class TooLarge(Exception):
    """Not recomputed: it would take too long."""


def asymptotic(n, k):
    return n >= ASYMPTOTIC_FROM * k


def pairs(c):
    return c * (c - 1) // 2


def pearson(counts):
    n, k = sum(counts), len(counts)
    return k / n * sum(c * c for c in counts) - n if n else 0.0


def pearson_of_pairs(found, n, k):
    return k / n * (n + 2 * found) - n


@lru_cache(maxsize=None)
def mask(fields):
    return sum(((1 << FRACTION + 8) - 1) << (i * FIELD) for i in range(fields))


@lru_cache(maxsize=None)
def rows_of_pairs(k, most, mean):
    """For k pods with Poisson numbers of connections: by their sum up to most, (lowest number of pairs, polynomial of pairs)."""
    weights = [(c, int(poisson(mean, c) * (1 << FRACTION))) for c in range(most + 1) if c < mean or poisson(mean, c) > LEAST]
    table = {0: (0, 1 << FRACTION)}
    for _ in range(k):
        sums = {}
        for n, (low, polynomial) in table.items():
            for c, weight in weights:
                if n + c > most:
                    break
                if weight:
                    sums.setdefault(n + c, []).append((low + pairs(c), polynomial * weight))
        table = {n: trimmed(added(parts)) for n, parts in sums.items()}
        table = {n: row for n, row in table.items() if row[1]}
    return table


def added(parts):
    low = min(at for at, _ in parts)
    total = 0
    for at, polynomial in parts:
        total += polynomial << ((at - low) * FIELD)
    fields = total.bit_length() // FIELD + 1
    return low, (total >> FRACTION) & mask_of(fields)


def mask_of(fields):
    """One for many sizes, so that few are made."""
    size = 64
    while size < fields:
        size *= 2
    return mask(size)


def trimmed(row):
    """Without empty fields at both ends."""
    low, polynomial = row
    if polynomial:
        empty = ((polynomial & -polynomial).bit_length() - 1) // FIELD
        return low + empty, polynomial >> (empty * FIELD)
    return row


def probabilities(row):
    """(lowest number of pairs, probability of it and those after it), all together 1."""
    low, polynomial = row
    fields = polynomial.to_bytes((polynomial.bit_length() // FIELD + 1) * FIELD // 8, "little")
    step = FIELD // 8
    values = [int.from_bytes(fields[i:i + step], "little") for i in range(0, len(fields), step)]
    total = sum(values)
    return low, [v / total for v in values]


@lru_cache(maxsize=None)
def fair_pairs(n, k):
    if n > MOST_EXACT or k > MOST_PODS:
        raise TooLarge
    return probabilities(rows_of_pairs(k, n, n / k)[n])


@lru_cache(maxsize=None)
def fair_pairs_summed(n, k, times):
    low, one = fair_pairs(n, k)
    total = one
    for _ in range(times - 1):
        total = convolved(total, one)
    return low * times, total


def convolved(a, b):
    product = [0.0] * (len(a) + len(b) - 1)
    for i, x in enumerate(a):
        if x > 1e-18:
            for j, y in enumerate(b):
                product[i + j] += x * y
    return product


class Test:
    """A two-sided test: its statistic, the probabilities of as uneven and as even a draw, and how well they are known here."""

    def __init__(self, statistic, uneven, even, error=0.0, method=""):
        self.statistic = statistic
        self.uneven, self.even = uneven, even
        self.p = min(1.0, 2 * min(uneven, even))
        self.error = error
        self.method = method
        self.side = "too-even" if even < uneven else "too-uneven"


def uniform(repetitions):
    """Pearson's test of equal shares of one or more repetitions, each for itself, their statistics added."""
    repetitions = [c for c in repetitions if sum(c)]
    if not repetitions or len(repetitions[0]) == 1:
        return Test(0.0, 1.0, 1.0, method="exact multinomial")
    k = len(repetitions[0])
    sizes = [sum(c) for c in repetitions]
    statistic = sum(map(pearson, repetitions))
    if all(asymptotic(n, k) for n in sizes):
        df = len(sizes) * (k - 1)
        return chi_square(statistic, df, max(k / n for n in sizes))
    if len(set(sizes)) > 1:
        return drawn(statistic, [sampler(n, k, i) for i, n in enumerate(sizes)])
    found = sum(pairs(c) for counts in repetitions for c in counts)
    try:
        low, summed = fair_pairs_summed(sizes[0], k, len(sizes))
    except TooLarge:
        return drawn(statistic, [sampler(n, k, i) for i, n in enumerate(sizes)], "exact multinomial")
    at = found - low
    return Test(statistic, sum(summed[max(0, at):]), sum(summed[:max(0, at + 1)]), 1e-13, "exact multinomial")


def chi_square(statistic, df, half_step):
    """Counts go in steps: the lower tail reaches half a step further."""
    return Test(statistic, chi_above(statistic, df), chi_below(statistic + half_step, df), method=f"chi-square, {df} df")


def sampler(n, k, number=0):
    """Draws Pearson's statistic of a fair draw."""
    source = random.Random((n * 1000 + k) * 1000 + number)
    if asymptotic(n, k):
        return lambda: source.gammavariate((k - 1) / 2, 2)
    try:
        low, one = fair_pairs(n, k)
    except TooLarge:
        return lambda: pearson(counted(source.choices(range(k), k=n), k))
    values = [pearson_of_pairs(low + i, n, k) for i in range(len(one))]
    drawn_values = iter(source.choices(values, one, k=DRAWS))
    return lambda: next(drawn_values)


def counted(draws, k):
    counts = [0] * k
    for d in draws:
        counts[d] += 1
    return counts


def drawn(statistic, samplers, method="Monte-Carlo, 1000000 draws"):
    slack = 1e-9 * max(1, statistic)
    sums = [sum(s() for s in samplers) for _ in range(DRAWS)]
    uneven = sum(x >= statistic - slack for x in sums) / DRAWS
    even = sum(x <= statistic + slack for x in sums) / DRAWS
    p = max(min(uneven, even), 1 / DRAWS)
    return Test(statistic, uneven, even, 12 * math.sqrt(p * (1 - p) / DRAWS) + 4e-6, method)


def matrix(counts, pods):
    """Given how many connections each row has, columns expect the share of their pods."""
    shares = [p / sum(pods) for p in pods]
    filled = [r for r in counts if sum(r)]
    statistic = sum(matrix_row(r, shares) for r in filled)
    df = len(filled) * (len(shares) - 1)
    if df <= 0:
        return Test(0.0, 1.0, 1.0, method="exact multinomial")
    if all(min(shares) * sum(r) >= ASYMPTOTIC_FROM for r in filled):
        return chi_square(statistic, df, max(1 / (min(shares) * sum(r)) for r in filled))
    return drawn(statistic, [row_sampler(sum(r), tuple(shares), i) for i, r in enumerate(filled)])


def row_sampler(n, shares, number):
    """Draws Pearson's statistic of a row: of all its outcomes where they are few, of chi-square where that holds."""
    source = random.Random((n * 1000 + len(shares)) * 1000 + number)
    if math.comb(n + len(shares) - 1, len(shares) - 1) <= MOST_OUTCOMES:
        values = iter(source.choices(*row_outcomes(n, shares), k=DRAWS))
        return lambda: next(values)
    if min(shares) * n >= ASYMPTOTIC_FROM:
        return lambda: source.gammavariate((len(shares) - 1) / 2, 2)
    return lambda: matrix_row(counted(source.choices(range(len(shares)), shares, k=n), len(shares)), shares)


@lru_cache(maxsize=None)
def row_outcomes(n, shares):
    """Statistics of all outcomes of a row, and their probabilities."""
    rows = [((), 0)]
    for _ in shares[1:]:
        rows = [(row + (c,), used + c) for row, used in rows for c in range(n - used + 1)]
    rows = [row + (n - used,) for row, used in rows]
    return [matrix_row(r, shares) for r in rows], [
        math.exp(math.lgamma(n + 1) + sum(c * math.log(s) - math.lgamma(c + 1) for c, s in zip(r, shares))) for r in rows]


def matrix_row(row, shares):
    n = sum(row)
    return sum((c - n * s) ** 2 / (n * s) for c, s in zip(row, shares))


def holm(ps):
    """Adjusted for all of them, in the same order."""
    adjusted, running = [0.0] * len(ps), 0.0
    for rank, i in enumerate(sorted(range(len(ps)), key=lambda i: ps[i])):
        running = max(running, min(1.0, ps[i] * (len(ps) - rank)))
        adjusted[i] = running
    return adjusted


@lru_cache(maxsize=None)
def power(n, k, level, share):
    """How often the pooled test calls one pod with that share too uneven: given what it got, the others are a fair draw."""
    if n == 0:
        return 0.0
    if asymptotic(n, k):
        critical = chi_quantile_above(level / 2, k - 1) * n / k

        def missed(c):
            left = (critical - (c - n / k) ** 2 * k / (k - 1)) * (k - 1) / (n - c) if c < n else -1.0
            if left <= 0:
                return float(c == n and critical > (c - n / k) ** 2 * k / (k - 1))
            return chi_below(left, k - 2) if k > 2 else 1.0
    else:
        low, tail = fair_pairs(n, k)
        critical, above = low + len(tail), 0.0
        while critical > low and above + tail[critical - 1 - low] <= level / 2:
            critical -= 1
            above += tail[critical - low]
        if critical > pairs(n):
            return 0.0
        rest = others(n, k)

        def missed(c):
            least, below = rest.get(n - c, (0, []))
            at = critical - pairs(c) - least
            return below[min(at, len(below)) - 1] if at > 0 and below else 0.0
    reach = 9 * math.sqrt(n * share * (1 - share)) + 1
    counts = range(max(0, int(n * share - reach)), min(n, int(n * share + reach)) + 1)
    return 1 - sum(binomial(n, share, c) * missed(c) for c in counts)


@lru_cache(maxsize=None)
def others(n, k):
    """By their number of connections: the lowest number of pairs on all pods but one, and probabilities of at most so many."""
    table = {}
    for m, row in rows_of_pairs(k - 1, n, n / k).items():
        low, one = probabilities(row)
        below, total = [], 0.0
        for p in one:
            total += p
            below.append(total)
        table[m] = low, below
    return table


def smallest_share(n, k, level, wanted=0.9):
    """The share of one pod that is found so often; none if no share is."""
    if power(n, k, level, 1.0) < wanted:
        return math.nan
    low, high = 1 / k, 1.0
    for _ in range(30):
        middle = (low + high) / 2
        if power(n, k, level, middle) >= wanted:
            high = middle
        else:
            low = middle
    return high


@lru_cache(maxsize=None)
def idle(sizes, k):
    """Mean number of idle pods over draws: expected, and the ends of the range that holds 95 % of such means."""
    expected, summed = 0.0, [1.0]
    for n in sizes:
        expected += k * (1 - 1 / k) ** n
        summed = convolved(summed, idle_distribution(n, k))
    low, below = 0, summed[0]
    while below <= 0.025:
        low += 1
        below += summed[low]
    high, above = len(summed) - 1, summed[-1]
    while above <= 0.025:
        high -= 1
        above += summed[high]
    return expected / len(sizes), low / len(sizes), high / len(sizes)


@lru_cache(maxsize=None)
def idle_distribution(n, k):
    """By inclusion and exclusion in whole numbers: pods i empty and no other."""
    if n > 40 * k:
        return [1.0]
    whole = k ** n
    return [
        math.comb(k, i) * sum((-1) ** j * math.comb(k - i, j) * (k - i - j) ** n for j in range(k - i + 1)) / whole
        for i in range(k + 1)
    ]


@lru_cache(maxsize=None)
def band(n, k, confidence=0.99):
    """Counts that hold every pod with that probability for all of them together."""
    tail = (1 - confidence) / (2 * k)
    low, below = 0, binomial(n, 1 / k, 0)
    while below < tail:
        low += 1
        below += binomial(n, 1 / k, low)
    high, above = n, 0.0
    while above + binomial(n, 1 / k, high) <= tail:
        above += binomial(n, 1 / k, high)
        high -= 1
    return low, high


class Circle:
    """Probabilities of counts of a fair draw within bounds: Poisson pods, of which the coefficient of z^n is taken."""

    def __init__(self, n, k):
        self.n, self.k = n, k
        mean = n / k
        reach = 9 * math.sqrt(mean) + 20
        self.first = max(0, int(mean - reach))
        self.last = min(n, int(mean + reach))
        self.points = 1
        # so many that other sums fold onto n with next to nothing
        while poisson(n, n + self.points) > 1e-18 or (self.points <= n and poisson(n, n - self.points) > 1e-18):
            self.points += 1
        weights = [poisson(mean, c) for c in range(self.first, self.last + 1)]
        self.whole = poisson(n, n)
        self.sums = []
        for step in range(self.points):
            partial, sums = 0j, [0j]
            for i, w in enumerate(weights):
                partial += w * cmath.exp(2j * math.pi * step * (self.first + i) / self.points)
                sums.append(partial)
            self.sums.append(sums)
        self.turns = [cmath.exp(-2j * math.pi * step * n / self.points) for step in range(self.points)]

    def within(self, low, high):
        """Probability that every pod has at least low and at most high."""
        a = max(low, self.first) - self.first
        b = min(high, self.last) - self.first + 1
        if a >= b:
            return 0.0
        total = sum(((s[b] - s[a]) ** self.k * t).real for s, t in zip(self.sums, self.turns))
        return total / self.points / self.whole


@lru_cache(maxsize=None)
def circle(n, k):
    return Circle(n, k)


@lru_cache(maxsize=None)
def max_over_mean(n, k):
    if n == 0:
        return math.nan
    c = circle(n, k)
    least = max(c.first, -(-n // k))
    expected = c.last - sum(c.within(0, m) for m in range(least, c.last))
    return expected * k / n


@lru_cache(maxsize=None)
def most_at_most(n, k, most):
    """Probability that the fullest pod has at most so many."""
    c = circle(n, k)
    return 1.0 if most >= c.last else 0.0 if most < -(-n // k) else c.within(0, most)


@lru_cache(maxsize=None)
def spread_at_most(n, k, spread):
    """Probability that the fullest pod has at most so many more than the emptiest."""
    if spread >= n:
        return 1.0
    c = circle(n, k)
    return sum(c.within(m, m + spread) - c.within(m + 1, m + spread) for m in range(max(0, -(-n // k) - spread), n // k + 1))


def all_on_one(n, k):
    return 1.0 if n == 0 else k ** (1.0 - n)
