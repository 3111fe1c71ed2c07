#!/bin/sh
# The container's broker runs as `mosquitto`, who may not read the owner's files: it gets copies of its own.
#   mosquitto-container.sh          copy, then run the broker
#   mosquitto-container.sh reload   copy, then tell the running broker (phusa station)
set -eu
own=/run/mosquitto
install -d -o mosquitto -g mosquitto -m 0700 "$own"
for file in /run/phusa-mosquitto/passwords /run/phusa-mosquitto/acl /run/phusa-certificates/*.pem; do
    if [ -f "$file" ]; then
        install -o mosquitto -g mosquitto -m 0600 "$file" "$own/"
    fi
done
if [ "${1:-}" = reload ]; then
    kill -HUP 1
    exit 0
fi
exec /docker-entrypoint.sh /usr/sbin/mosquitto -c /mosquitto/config/mosquitto.conf
