#!/usr/bin/python3
"""Takes messages from $QUEUE until it is empty; for each runs the command it is given, with the body as standard input.

A message is acknowledged after its command ended with 0. One whose command failed is held until the others
are done and then goes back to the queue, and this program fails: each Pod tries an item once.
"""

import json
import os
import signal
import subprocess
import sys
import time

import pika

MOST_FAILED = 10  # A worker that always fails does not go through the whole queue.
LONGEST_HELD = 600  # Seconds. RabbitMQ takes a message back after 30 minutes, and the connection with it.

stopping = False
running = None


def stop(*_):
    """A deleted Pod gets SIGTERM: the command is told, and no other message is taken."""
    global stopping
    stopping = True
    if running:
        running.terminate()


def work(body):
    global running
    print("work-queue item", json.dumps(body[:800].decode("utf-8", "replace")[:200]), flush=True)
    start = time.monotonic()
    # Between its start and its being known here, the signal would not reach the command.
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    running = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, preexec_fn=unblock)
    unblock()
    running.communicate(body)
    code = running.returncode
    running = None
    code = code if code >= 0 else 128 - code
    outcome = f"failed {code}" if code else "done"
    print(f"work-queue {outcome} {time.monotonic() - start:.1f}s", flush=True)
    return code == 0


def unblock():
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)


SIGNALS = {signal.SIGTERM, signal.SIGINT}
for number in SIGNALS:
    signal.signal(number, stop)

parameters = pika.URLParameters(os.environ["BROKER_URL"])
parameters.heartbeat = 0  # Nobody would answer them while an item is at work.
connection = pika.BlockingConnection(parameters)
channel = connection.channel()
failed = []
while not stopping and len(failed) < MOST_FAILED and not (failed and time.monotonic() - failed[0] > LONGEST_HELD):
    method, _, body = channel.basic_get(os.environ["QUEUE"])
    if method is None:
        break
    if not stopping and work(body):
        channel.basic_ack(method.delivery_tag)
    else:
        failed.append(time.monotonic())
connection.close()  # What is not acknowledged goes back.
sys.exit(143 if stopping else 1 if failed else 0)
