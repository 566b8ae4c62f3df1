"""Distributions, with nothing but the standard library."""
import math


def gamma_lower(a, x):
    """Regularized lower incomplete gamma function: a series below a + 1, a continued fraction above."""
    if x <= 0:
        return 0.0
    if x > a + 1:
        return 1 - gamma_upper(a, x)
    term = total = 1 / a
    n = a
    while abs(term) > 1e-17 * abs(total):
        n += 1
        term *= x / n
        total += term
    return total * math.exp(a * math.log(x) - x - math.lgamma(a))


def gamma_upper(a, x):
    if x <= 0:
        return 1.0
    if x <= a + 1:
        return 1 - gamma_lower(a, x)
    b = x + 1 - a
    c, d = 1e300, 1 / b
    h = d
    for i in range(1, 100_000):
        an = -i * (i - a)
        b += 2
        d = 1 / (an * d + b or 1e-300)
        c = b + an / c or 1e-300
        h *= d * c
        if abs(d * c - 1) < 1e-16:
            break
    return h * math.exp(a * math.log(x) - x - math.lgamma(a))


def chi_above(x, df):
    return gamma_upper(df / 2, x / 2)


def chi_below(x, df):
    return gamma_lower(df / 2, x / 2)


def beta(a, b, x):
    """Regularized incomplete beta function."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - beta(b, a, 1 - x)
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)) / a
    f, c, d = 1.0, 1.0, 0.0
    for i in range(10_000):
        m = i // 2
        if i == 0:
            step = 1.0
        elif i % 2 == 0:
            step = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        else:
            step = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        d = 1 / (1 + step * d or 1e-300)
        c = 1 + step / c or 1e-300
        f *= c * d
        if abs(1 - c * d) < 1e-16:
            break
    return front * (f - 1)


def t_below(t, df):
    tail = beta(df / 2, 0.5, df / (df + t * t)) / 2
    return 1 - tail if t > 0 else tail


def f_above(x, d1, d2):
    return beta(d2 / 2, d1 / 2, d2 / (d2 + d1 * x)) if x > 0 else 1.0


def root(function, low, high):
    """Where an increasing function meets 0."""
    for _ in range(200):
        middle = (low + high) / 2
        if function(middle) < 0:
            low = middle
        else:
            high = middle
    return high


def t_quantile(p, df):
    return root(lambda t: t_below(t, df) - p, 0, 1e4)


def chi_quantile_above(p, df):
    return root(lambda x: p - chi_above(x, df), 0, 1e4)


def binomial(n, share, c):
    if share in (0, 1):
        return float(c == n * share)
    return math.exp(
        math.lgamma(n + 1) - math.lgamma(c + 1) - math.lgamma(n - c + 1) + c * math.log(share) + (n - c) * math.log1p(-share))


def poisson(mean, c):
    return math.exp(c * math.log(mean) - mean - math.lgamma(c + 1))
