#!/usr/bin/env python3
"""Reads Surefire's XML: counts, lists what was skipped and why, and what passed at its second attempt alone; exits 1 if something failed,
or root skipped something."""
import glob
import sys
import xml.etree.ElementTree as ET

passed, failed, skipped, second = 0, 0, [], []
for path in sorted(glob.glob("*/target/surefire-reports/TEST-*.xml")):
    for case in ET.parse(path).getroot().iter("testcase"):
        reason = case.find("skipped")
        if reason is not None:
            skipped.append(f"{case.get('classname')}.{case.get('name')}: {reason.get('message') or 'no reason given'}")
        elif case.find("failure") is not None or case.find("error") is not None:
            failed += 1
        else:
            passed += 1
            if case.find("flakyFailure") is not None or case.find("flakyError") is not None:
                second.append(f"{case.get('classname')}.{case.get('name')}")
for line in second:
    print("passed at its second attempt:", line)
for line in skipped:
    print("skipped", line)
print(f"{passed} passed, {failed} failed, {len(skipped)} skipped")
if skipped and sys.argv[1] == "0":
    print("root is here: no test may be skipped")
    sys.exit(1)
sys.exit(1 if failed or not passed else 0)
