#!/bin/sh
# Restarts a service of ucmsim over REST and waits for it: one request, no polling.
#
#   UCM_PASSWORD=… ./restart.sh lab cucm-pub cisco-tftp
set -eu

curl --silent --show-error --fail-with-body \
    --cacert "$UCM_CACERT" \
    --user "${UCM_USER:-administrator}:$UCM_PASSWORD" \
    --header 'Content-Type: application/json' \
    --header 'Prefer: wait=30' \
    --data '{"reason": "example"}' \
    "https://${UCM_HOST:-127.0.0.1}:${UCM_PORT:-8443}/api/v1/clusters/$1/nodes/$2/services/$3/actions/restart"
