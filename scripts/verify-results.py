#!/usr/bin/env python3
"""Recomputes what result folders and their reports say from the raw files, by other code than the product's.

  scripts/verify-results.py DIR [DIR ...]

Reads the ledger (connections.csv), the raw files of repetitions (also where they are packed in cells.zip), kernel.csv and jmh/*.json;
recomputes the tables that were made of them, and every figure in every finding of report/report.json. Prints a line for each
difference, and at last how many figures were compared. Exits 1 if anything differs, 2 if a folder cannot be read. Needs Python 3.9
and nothing else. Folders of schema 1 are skipped.
"""
import os
import struct
import sys
import zipfile
import zlib

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from verify import around, costs, cures, effects, findings, herds, hunts, judged, legs, new_shares, repetitions, witnesses
from verify.checks import Checks
from verify.folder import Folder


def verify(path):
    """The checks of a folder; None if it is of an older layout."""
    folder = Folder(path)
    if folder.schema < 2:
        return None
    checks = Checks()
    repetitions.check(folder, checks)
    witnesses.check(folder, checks)
    effects.check(folder, checks)
    around.check(folder, checks)
    cures.check(folder, checks)
    herds.check(folder, checks)
    new_shares.check(folder, checks)
    hunts.check(folder, checks)
    legs.check(folder, checks)
    judged.check(folder, checks)
    costs.check(folder, checks)
    findings.check(folder, checks)
    return checks


def main(paths):
    if not paths or paths[0] in ("-h", "--help"):
        print(__doc__.strip())
        return 0 if paths else 2
    compared, differ, skipped, code = 0, 0, 0, 0
    for path in paths:
        try:
            checks = verify(path)
        except (OSError, KeyError, ValueError, TypeError, struct.error, zipfile.BadZipFile, zlib.error) as problem:
            print(f"{path}: cannot be read: {problem!r}")
            code = 2
            continue
        if checks is None:
            print(f"{path}: skipped: schema 1")
            continue
        for line in checks.wrong:
            print(f"{path}: {line}")
        compared += checks.compared
        differ += len(checks.wrong)
        skipped += checks.skipped
    more = f"; {skipped} take too long to be recomputed" if skipped else ""
    print(f"{compared} figures compared, {differ} differ{more}")
    return code or (1 if differ else 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
