#!/usr/bin/env bash
# Runs every test of the project and ends with the line "N passed, N failed, N skipped".
#   tests/run.sh            all test projects, then a smoke test of the published server
#   tests/run.sh --bench    the benchmarks instead
set -uo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$root" || exit 1
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DEBIAN_FRONTEND=noninteractive
exec </dev/null

notes=()
has_postgres() { command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; }
has_chromium() { command -v chromium >/dev/null; }

# Installs what is missing, when this user may; says so when not.
install_missing() {
  local wanted=()
  has_postgres || wanted+=(postgresql)
  has_chromium || wanted+=(chromium)
  [ "${#wanted[@]}" -eq 0 ] && return
  if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    echo "Installing ${wanted[*]} ..."
    { timeout 300 apt-get update -qq && timeout 900 apt-get install -y -qq --no-install-recommends "${wanted[@]}"; } \
      >"$results/apt.log" 2>&1 || notes+=("apt-get could not install ${wanted[*]}: $(tail -n 1 "$results/apt.log")")
  else
    notes+=("Not root on Debian, so ${wanted[*]} was not installed.")
  fi
  has_postgres || notes+=("PostgreSQL is missing: its tests are skipped. Install it with: apt-get install postgresql")
  has_chromium || notes+=("Chromium is missing: its tests are skipped. Install it with: apt-get install chromium")
}

build() {
  echo "Building ..."
  dotnet build SalesFlow.sln -c Release -v q -clp:NoSummary -nodeReuse:false
}

# Prints one attribute summed over the <assembly> elements of a report.
total() { grep -o '<assembly [^>]*' "$1" | grep -o " $2=\"[0-9]*\"" | tr -dc '0-9\n' | awk '{ n += $1 } END { print n + 0 }'; }

run_project() {
  local name="$1" dll="tests/$1/bin/Release/net10.0/$1.dll"
  timeout --kill-after=30 1500 dotnet exec "$dll" -noLogo -noColor -xml "$results/$name.xml" >"$results/$name.log" 2>&1
  echo $? >"$results/$name.rc"
}

# Keeps what failed and why for the last lines of the output: a log that is read from its end must name the failure.
keep_failures() { sed "s/\x1b\[[0-9;]*m//g" "$2" | awk -v name="$1" '/\[FAIL\]/ { left = 14; print "-- " name } left-- > 0' | cut -c1-600 | head -n 120 >>"$results/failures"; }

# Prints what a finished project has to say: its failures whole, its skips by name, otherwise one line.
report_project() {
  local name="$1" rc report="$results/$1.xml" log="$results/$1.log" p=0 f=0 s=0 e=0
  rc="$(cat "$results/$name.rc" 2>/dev/null || echo 1)"
  if [ -s "$report" ]; then
    p="$(total "$report" passed)"; f="$(total "$report" failed)"; s="$(total "$report" skipped)"; e="$(total "$report" errors)"
  fi
  # A project without a single test is no failure (xunit calls it one); a crash, a time-out or an error outside a test is.
  if grep -q 'No tests were found\|Total: 0' "$log" 2>/dev/null && [ "$f" -eq 0 ] && [ "$e" -eq 0 ] && [ "$((p + s))" -eq 0 ] && [ "$rc" -lt 100 ]; then rc=0; fi
  f=$((f + e))
  if [ "$rc" -ne 0 ] && [ "$f" -eq 0 ]; then f=1; echo "$name ended with code $rc before it could report (124 and 137: out of time)."; fi
  echo "== $name: $p passed, $f failed, $s skipped"
  if [ "$f" -gt 0 ]; then tail -n 400 "$log"; keep_failures "$name" "$log"; elif [ "$s" -gt 0 ]; then grep -A1 '\[SKIP\]' "$log" || true; fi
  passed=$((passed + p)); failed=$((failed + f)); skipped=$((skipped + s))
}

if [ "${1:-}" = "--bench" ]; then
  shift
  # The start is measured of the server as it is shipped.
  export SALESFLOW_PUBLISHED="$(mktemp -d)"
  trap 'rm -rf "$SALESFLOW_PUBLISHED"' EXIT
  docker/publish.sh "$SALESFLOW_PUBLISHED" || exit 1
  dotnet run --project tests/SalesFlow.Benchmarks -c Release -- "$@"
  exit
fi

results="$(mktemp -d)"
trap 'rm -rf "$results"' EXIT
passed=0 failed=0 skipped=0
install_missing
if ! build; then
  echo "The build failed: no test ran."
  echo "0 passed, 1 failed, 0 skipped"
  exit 1
fi

# One after the other: the suites start servers, databases and browsers, and two at once make each other late.
for folder in tests/*.Tests; do
  name="$(basename "$folder")"
  echo "-- $name"
  run_project "$name"
  report_project "$name"
done

echo "-- publish and start, as docker/Dockerfile does"
if docker/publish.sh "$results/published" >"$results/publish.log" 2>&1 && docker/smoke.sh "$results/published" >>"$results/publish.log" 2>&1; then
  echo "== publish: the published server answers /health/ready"
  passed=$((passed + 1))
else
  tail -n 60 "$results/publish.log"
  tail -n 20 "$results/publish.log" >>"$results/failures"
  failed=$((failed + 1))
fi

if [ -s "$results/failures" ]; then
  echo "What failed:"
  cat "$results/failures"
fi
for note in ${notes[@]+"${notes[@]}"}; do echo "Note: $note"; done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
