#!/usr/bin/env bash
# Sees whether an app that was just deployed, or started, does its work: health, a workflow from its start to its result, metrics.
#   infra/smoke.sh https://func-chard-….azurewebsites.net
# CHARD_KEY is a function key that may start workflows, CHARD_TOKEN a bearer token in place of it; neither where none is asked for.
# Exit code 0: all of it works. Otherwise the last line says what does not.
set -euo pipefail

url="${1:?usage: infra/smoke.sh URL}"
url="${url%/}/api"
patience="${CHARD_PATIENCE:-180}" # seconds for each of the waits: the first start of an app may take a minute

callers=()
[ -z "${CHARD_KEY:-}" ] || callers+=(-H "x-functions-key: $CHARD_KEY")
[ -z "${CHARD_TOKEN:-}" ] || callers+=(-H "Authorization: Bearer $CHARD_TOKEN")

answer="$(mktemp)"
trap 'rm -f "$answer"' EXIT

fail() { printf 'FAILED %s\n' "$*" >&2; exit 1; }

# call METHOD PATH [BODY]: the status; the body lies in $answer. 000 where nobody listens.
call() {
  local body=()
  [ "$#" -lt 3 ] || body=(-H 'Content-Type: application/json' --data "$3")
  curl -sS -m 90 -o "$answer" -w '%{http_code}' -X "$1" "${callers[@]}" "${body[@]}" "$url/$2" 2>/dev/null || true
}

# A member of the answer that is a text.
member() { sed -n 's/.*"'"$1"'": *"\([^"]*\)".*/\1/p' "$answer" | head -n 1; }

end=$((SECONDS + patience))
until status="$(call GET health)" && [ "$status" = 200 ]; do
  [ "$SECONDS" -lt "$end" ] || fail "health: GET $url/health answers $status after $patience s: $(head -c 500 "$answer")"
  sleep 1
done
echo "ok health"

# A chain of two tasks over both routes: an activity, and a message to the queue of slow tasks.
id="smoke-$(date +%s)-$RANDOM"
status="$(call POST workflows '{"id":"'"$id"'","expiresIn":600,"canvas":{"chain":[{"task":"Square","args":7},{"task":"Echo","route":"slow"}]}}')"
[ "$status" = 202 ] || fail "start: POST $url/workflows answers $status: $(head -c 500 "$answer")"
echo "ok start $id"

end=$((SECONDS + patience))
while :; do
  status="$(call GET "workflows/$id?wait=20")"
  [ "$status" = 200 ] || fail "status: GET $url/workflows/$id answers $status: $(head -c 500 "$answer")"
  state="$(member status)"
  case "$state" in
    completed) break ;;
    failed | cancelled | expired | parked) fail "workflow: $id is $state: $(head -c 500 "$answer")" ;;
  esac
  [ "$SECONDS" -lt "$end" ] || fail "workflow: $id is still $state after $patience s (docs/runbook/stuck-workflow.md)"
done
status="$(call GET "workflows/$id/result")"
[ "$status" = 200 ] && [ "$(cat "$answer")" = 49 ] || fail "result: $status $(head -c 500 "$answer") in place of 49"
echo "ok workflow"

status="$(call GET metrics)"
[ "$status" = 200 ] || fail "metrics: GET $url/metrics answers $status: $(head -c 500 "$answer")"
echo "ok metrics"
echo "ok"
