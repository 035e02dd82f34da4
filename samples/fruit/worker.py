#!/usr/bin/env python3
"""Does the work for one item: the body of one message, read from standard input.

Ending well means that the item is done. An exception or sys.exit(1) fails the Pod and gives the
message back to the queue, where another Pod takes it.
"""

import os
import sys
import time


def work(item):
    print(f"Processing {item}")
    time.sleep(float(os.environ.get("WORK_SECONDS", "10")))  # Put the real work here.


work(sys.stdin.read())
