#!/bin/sh
# The state of one service with nothing but curl and sed. Works with a real node as well.
#
#   UCM_PASSWORD=… ./status.sh 'Cisco Tftp'
set -eu

service=${1:?"usage: UCM_PASSWORD=… UCM_CACERT=… $0 'Cisco Tftp'"}
host=${UCM_HOST:-127.0.0.1}
port=${UCM_PORT:-8443}

curl --silent --show-error --fail \
    --cacert "$UCM_CACERT" \
    --user "${UCM_USER:-administrator}:$UCM_PASSWORD" \
    --header 'Content-Type: text/xml; charset=utf-8' \
    --header 'SOAPAction: "soapGetServiceStatus"' \
    --data @- "https://$host:$port/controlcenterservice2/services/ControlCenterServices" <<XML |
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:ast="http://schemas.cisco.com/ast/soap">
  <soapenv:Body>
    <ast:soapGetServiceStatus>
      <ast:ServiceStatus>$service</ast:ServiceStatus>
    </ast:soapGetServiceStatus>
  </soapenv:Body>
</soapenv:Envelope>
XML
    sed -n 's/.*<ns1:ServiceStatus>\([A-Za-z]*\)<.*<ns1:ReasonCode>\(-*[0-9]*\)<.*/\1 \2/p'
