#!/bin/sh
# Takes one message from $QUEUE and runs the command it is given, with the message's body as standard input.
# Ends with 0 only when the command did: then the message is acknowledged. Otherwise it goes back to the queue.
# amqp-consume alone ends with 0 whatever its command does: the failed item would count as done.

now() { echo $(($(date +%s%N) / 100000000)); }

# The first 200 characters of the item as a JSON string, whatever the bytes are.
beginning() {
    perl -e 'read STDIN, $_, 808; s/[\xc0-\xff][\x80-\xbf]*\z// if length == 808; utf8::decode($_) or s/[\x80-\xff]/\x{fffd}/g; $_ = substr $_, 0, 200;
        s/([^ !#-\[\]-~])/join "", map { sprintf "\\u%04x", $_ } ord $1 < 65536 ? ord $1 : (55232 + (ord($1) >> 10), 56320 + (ord($1) & 1023))/ge;
        print "\"$_\""'
}

# Part two, run by amqp-consume for the message.
if [ "${1-}" = --item ]; then
    shift
    # All of the message is read first, so that a command that leaves some of it does not break amqp-consume.
    cat >"$state/item" || exit 1
    test ! -e "$state/stop" || exit 143
    echo "work-queue item $(beginning <"$state/item")"
    start=$(now)
    "$@" <"$state/item" &
    echo $! >"$state/new" && mv "$state/new" "$state/pid"
    test ! -e "$state/stop" || kill -TERM $!
    wait $!
    code=$?
    took=$(($(now) - start))
    took=$((took / 10)).$((took % 10))
    if [ $code = 0 ]; then
        : >"$state/ok"
        echo "work-queue done ${took}s"
    else
        echo "work-queue failed $code ${took}s"
    fi
    exit $code
fi

# Part one. A deleted Pod gets SIGTERM: the command is told, and amqp-consume stays until it has ended, so that no
# other Pod gets the item meanwhile.
state=$(mktemp -d) || exit 1
export state
stop() {
    : >"$state/stop"
    if [ -e "$state/pid" ]; then
        kill -TERM "$(cat "$state/pid")"
    elif [ ! -e "$state/item" ]; then
        kill -TERM "$consume"
    fi
}
trap stop TERM INT
amqp-consume --url="$BROKER_URL" -q "$QUEUE" -c 1 -- "$0" --item "$@" &
consume=$!
# The signal ends a wait, but not what is waited for.
until wait "$consume"; code=$?; ! kill -0 "$consume" 2>/dev/null; do :; done
test ! -e "$state/ok" || exit $code
test ! -e "$state/stop" || exit 143
exit 1
