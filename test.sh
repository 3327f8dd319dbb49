#!/usr/bin/env bash
# ./test.sh [long|screenshots] [-- RUNNER ARGUMENTS]
#
#   ./test.sh              installs what the tests need, checks the format, builds, runs every test
#   ./test.sh long         the same, and then soak and repetition (an hour)
#   ./test.sh screenshots  only makes the pictures in docs/screenshots anew
#
# On Debian it installs Chromium, Mosquitto and its clients by apt when they are missing. With KAFKA_HOME naming an unpacked
# Apache Kafka (and Java 17 or newer) the tests against a real Kafka run too; without it they are skipped by name.
# What follows "--" goes to the test runner, for example: ./test.sh -- -class '*LedgerTests'
set -euo pipefail
cd "$(dirname "$0")"

mode=${1:-}
case $mode in
  long | screenshots) shift ;;
  -- | '') mode= ;;
  *) sed -n '2,12p' "$0" | cut -c3-; exit 2 ;;
esac
[[ ${1:-} != -- ]] || shift

say() { printf '\n== %s\n' "$*"; }

missing=()
command -v chromium >/dev/null || missing+=(chromium)
[[ -x /usr/sbin/mosquitto ]] || command -v mosquitto >/dev/null || missing+=(mosquitto)
command -v mosquitto_sub >/dev/null || missing+=(mosquitto-clients)
if ((${#missing[@]})); then
  say "Installing ${missing[*]}"
  root=(); ((EUID == 0)) || root=(sudo)
  # Debian starts the service of a package at once; the tests start their own broker on a port of its own.
  "${root[@]}" apt-get update -qq
  policy=/usr/sbin/policy-rc.d
  kept=
  if [[ -e $policy ]]; then kept=$(mktemp -u "$policy.XXXXXX"); "${root[@]}" mv "$policy" "$kept"; fi
  restore_policy() { "${root[@]}" rm -f "$policy"; [[ -z $kept ]] || "${root[@]}" mv "$kept" "$policy"; }
  trap restore_policy EXIT
  printf '#!/bin/sh\nexit 101\n' | "${root[@]}" tee "$policy" >/dev/null
  "${root[@]}" chmod +x "$policy"
  DEBIAN_FRONTEND=noninteractive "${root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" fonts-dejavu-core >/dev/null || failed=1
  restore_policy
  trap - EXIT
  [[ -z ${failed:-} ]] || { echo "test.sh: apt could not install ${missing[*]}"; exit 1; }
fi
command -v npm >/dev/null || { echo "test.sh: npm is missing; install Node.js 20 or newer (https://nodejs.org)."; exit 1; }

say "Restoring and building"
dotnet restore --nologo -v quiet
dotnet build --no-restore --nologo -v quiet

passed=0 failed=0 skipped=0
run() { # name, runner arguments...: runs one test program and adds up what it counted
  local name=$1 log; shift
  log=$(mktemp)
  say "$name"
  dotnet "artifacts/bin/$name/debug/$name.dll" -noColor "$@" 2>&1 | tee "$log" | grep -vE '^\s*(Discovering|Discovered|Starting|Finished):|^Ok, passed' || true
  local line
  line=$(grep -oE 'Total: [0-9]+, Errors: [0-9]+, Failed: [0-9]+, Skipped: [0-9]+' "$log" | tail -1) || true
  rm -f "$log"
  [[ -n $line ]] || { echo "test.sh: $name ended without a summary"; failed=$((failed + 1)); return; }
  local total errors bad left
  read -r total errors bad left <<<"$(grep -oE '[0-9]+' <<<"$line" | tr '\n' ' ')"
  passed=$((passed + total - bad - left)) failed=$((failed + bad + errors)) skipped=$((skipped + left))
}

if [[ $mode == screenshots ]]; then
  PORTAL_SCREENSHOTS=$PWD/docs/screenshots run Portal.EndToEnd -trait Category=Screenshots
else
  say "Checking the format"
  dotnet format --no-restore --verify-no-changes
  # More at once than there are cores: most of them wait for brokers and clocks.
  run Portal.Tests -trait- Category=Long -maxThreads 1.5x "$@"
  run Portal.EndToEnd -trait- Category=Long -trait- Category=Screenshots "$@"
  if [[ $mode == long ]]; then
    run Portal.Tests -trait Category=Long "$@"
    run Portal.EndToEnd -trait Category=Long "$@"
  fi
fi

printf '\n%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
((failed == 0 && passed > 0))
