#!/usr/bin/env bash
# Makes the snapshots of infra/bicep anew, by the compiler that the tests use. Look at their difference before you commit it.
set -euo pipefail
cd "$(dirname "$0")/.."

CHARD_SNAPSHOTS=1 dotnet test tests/Infra.Tests --filter 'FullyQualifiedName~Snapshot_OfEachSize'
git diff --stat -- infra/bicep
