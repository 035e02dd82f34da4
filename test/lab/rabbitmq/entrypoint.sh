#!/bin/bash
# Runs RabbitMQ and its tools as the user rabbitmq, whoever calls.
set -e
[[ "$1" == rabbitmq* ]] || exec "$@"
# Debian's commands of the same name change the user and lose the environment: take the ones behind them.
tool="/usr/lib/rabbitmq/bin/$1"
[ -x "$tool" ] || tool="$1"
shift
[ "$(id -u)" = 0 ] || exec "$tool" "$@"
# A volume mounted here belongs to root.
chown rabbitmq:rabbitmq /var/lib/rabbitmq /var/log/rabbitmq
exec setpriv --reuid=rabbitmq --regid=rabbitmq --init-groups "$tool" "$@"
