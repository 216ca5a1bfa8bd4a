#!/usr/bin/env bash
# Succeeds when the server on this machine's port (first argument) answers /health/ready with 200. Needs nothing but bash.
set -uo pipefail
exec 3<>"/dev/tcp/127.0.0.1/${1:?Name the port.}" || exit 1
printf 'GET /health/ready HTTP/1.0\r\nHost: localhost\r\n\r\n' >&3
read -r -t 5 status <&3 || exit 1
[[ "$status" == HTTP/1.*" 200 "* ]]
