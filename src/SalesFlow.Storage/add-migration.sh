#!/usr/bin/env bash
# Writes the migrations of both databases after the model has changed.
#   src/SalesFlow.Storage/add-migration.sh NAME       adds a migration NAME for SQLite and for PostgreSQL
#   src/SalesFlow.Storage/add-migration.sh --initial  writes the Initial migrations anew; only until the first release
# Conflicts in generated files are resolved by running it again.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
name="${1:?Say a NAME for the migration, or --initial.}"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
dotnet tool restore >/dev/null

kept="$(mktemp -d)"
if [ "$name" = "--initial" ]; then
  for database in Sqlite Postgres; do
    [ -d "$database/Migrations" ] && mv "$database/Migrations" "$kept/$database"
  done
  # Without a model that builds there is nothing to write: what was there comes back.
  restore() { for database in Sqlite Postgres; do rm -rf "$database/Migrations"; [ -d "$kept/$database" ] && mv "$kept/$database" "$database/Migrations"; done; rm -rf "$kept"; }
  trap restore EXIT
fi
dotnet build SalesFlow.Storage.csproj -v q -clp:NoSummary
for database in Sqlite Postgres; do
  dotnet ef migrations add "${name/--initial/Initial}" --no-build --context "${database}SalesFlowDb" --output-dir "$database/Migrations"
  if [ "$name" = "--initial" ]; then
    # The first migration keeps its id, so that branches that rewrite it meet in the same file.
    for file in "$database"/Migrations/*_Initial*.cs; do
      mv "$file" "$database/Migrations/20261124000000_Initial${file#*_Initial}"
    done
    sed -i -E 's/"[0-9]{14}_Initial"/"20261124000000_Initial"/' "$database/Migrations/20261124000000_Initial.Designer.cs"
  fi
done
trap - EXIT
rm -rf "$kept"
echo "Done. Look the new files over, then build and run SalesFlow.Storage.Tests."
