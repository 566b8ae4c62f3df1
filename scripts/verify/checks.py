"""Figures that were said against figures that were recomputed."""
import math

# half a unit of the sixth digit, as tables are written
SIX_DIGITS = 5.1e-6


class Checks:
    """Counts what was compared, and keeps a line for each difference."""

    def __init__(self):
        self.compared = 0
        self.skipped = 0
        self.wrong = []

    def fail(self, where, what):
        self.wrong.append(f"{where}: {what}")

    def same(self, where, said, own):
        """Words, counts, or lists of them."""
        self.compared += 1
        if said != own:
            self.fail(where, f"says {said}, recomputed {own}")

    def near(self, where, said, own, relative=SIX_DIGITS, absolute=0.0):
        """Numbers; not a number is near not a number alone."""
        self.compared += 1
        if math.isnan(said) or math.isnan(own):
            good = math.isnan(said) and math.isnan(own)
        else:
            good = abs(said - own) <= max(relative * max(abs(said), abs(own)), absolute)
        if not good:
            self.fail(where, f"says {said:.10g}, recomputed {own:.10g}")

    def between(self, where, said, low, high):
        """A number that can be recomputed to a range only."""
        self.compared += 1
        if not low <= said <= high:
            self.fail(where, f"says {said:.10g}, recomputed {low:.10g} to {high:.10g}")
