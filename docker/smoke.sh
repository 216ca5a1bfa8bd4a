#!/usr/bin/env bash
# Starts a published server (folder: first argument) on an empty data folder, waits until it is ready, and stops it.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
published="$(realpath "${1:?Name the folder that docker/publish.sh published into.}")"
data="$(mktemp -d)"
port=$((20000 + RANDOM % 10000))
cd "$data"
dotnet "$published/SalesFlow.Server.dll" --urls "http://127.0.0.1:$port" --data "$data" </dev/null >"$data/server.log" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; rm -rf "$data"' EXIT
for _ in $(seq 120); do
  kill -0 "$server" 2>/dev/null || break
  if bash "$here/ready.sh" "$port" 2>/dev/null; then echo "Ready."; exit 0; fi
  sleep 0.5
done
echo "The published server did not become ready. Its output:"
tail -n 40 "$data/server.log"
exit 1
