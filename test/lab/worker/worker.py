#!/usr/bin/env python3
# Handles one item, given on standard input, in WORK_SECONDS (default 2).
import os
import sys
import time

print("Processing " + sys.stdin.read(), flush=True)
time.sleep(float(os.environ.get("WORK_SECONDS", "2")))
