#!/usr/bin/env bash
# Publishes the server into the folder named by the first argument. docker/Dockerfile and tests/run.sh both call this.
set -euo pipefail
target="$(realpath -m "${1:?Name the folder to publish into.}")"
cd "$(dirname "${BASH_SOURCE[0]}")/.."
dotnet publish src/SalesFlow.Server -c Release -o "$target" -v q -clp:NoSummary -nodeReuse:false
