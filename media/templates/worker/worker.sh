#!/bin/sh
# Does the work for one item: the body of one message, read from standard input.
# Ending with 0 means that the item is done. Any other exit code gives the message back to the queue.
set -e

item=$(cat)
echo "Processing $item"
sleep "${WORK_SECONDS:-10}" # Put the real work here.
