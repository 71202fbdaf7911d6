# Every operation with curl, its answers cut by sed and grep: as monitoring scripts do it.
set -euo pipefail

tell() { printf '%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "$4"; }

# call PATH OPERATION BODY: the answer, as one line.
call() {
  curl --silent --show-error --cacert "$UCM_CACERT" --user "$UCM_USER:$UCM_PASSWORD" \
    --header 'Content-Type: text/xml' --header "SOAPAction: \"$2\"" --data-binary @- "$UCM_URL$1" <<END
<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:ns="http://schemas.cisco.com/ast/soap">
  <soapenv:Header/>
  <soapenv:Body>
    $3
  </soapenv:Body>
</soapenv:Envelope>
END
}

# The first text in an element of that name, whatever its prefix and attributes.
first() { sed -E "s/ns1://g" | grep -oE "<$1( [^>]*)?>[^<]*" | head -n 1 | sed -E 's/^<[^>]*>//'; }
number() { sed -E "s/ns1://g" | grep -oE "<$1( [^>]*)?>[^<]*" | wc -l; }

# A command's outcome: the reason of the call, the state of the first service.
outcome() { printf '%s %s' "$(first ReasonCode <<<"$1")" "$(first ServiceStatus <<<"$1")"; }
good() { if [ "$1" = "$2" ]; then echo ok; else echo FAILED; fi; }

command_() { # SERVICE PATH OPERATION BODY EXPECTED
  local found
  found=$(outcome "$(call "$2" "$3" "$4")")
  tell "$1" "$3" "$(good "$found" "$5")" "$found"
}

list='<ns:ServiceList><ns:item>Cisco Tftp</ns:item></ns:ServiceList>'

name=ControlCenterServices
path=/controlcenterservice2/services/$name
answer=$(call $path soapGetStaticServiceList '<ns:soapGetStaticServiceList><ns:ServiceInformationResponse/></ns:soapGetStaticServiceList>')
listed=$(number ServiceName <<<"$answer")
tell $name soapGetStaticServiceList "$(grep -q '>Cisco Tftp<' <<<"$answer" && echo ok || echo FAILED)" "$listed services"
command_ $name $path soapDoServiceDeployment "<ns:soapDoServiceDeployment><ns:DeploymentServiceRequest><ns:DeployType>Deploy</ns:DeployType>$list</ns:DeploymentServiceRequest></ns:soapDoServiceDeployment>" '-1 Started'
command_ $name $path soapDoControlServices "<ns:soapDoControlServices><ns:ControlServiceRequest><ns:ControlType>Restart</ns:ControlType>$list</ns:ControlServiceRequest></ns:soapDoControlServices>" '-1 Started'
answer=$(call $path soapGetServiceStatus '<ns:soapGetServiceStatus><ns:ServiceStatus></ns:ServiceStatus></ns:soapGetServiceStatus>')
tell $name soapGetServiceStatus "$(good "$(number ServiceStatus <<<"$answer")" "$listed")" "$listed services"
answer=$(call $path getProductInformationList '<ns:getProductInformationList><ns:ServiceInfo/></ns:getProductInformationList>')
tell $name getProductInformationList "$(good "$(first PrimaryNode <<<"$answer")" cucm-pub.example.com)" "$(first ActiveServerVersion <<<"$answer")"
answer=$(call $path soapDoControlServices "<ns:soapDoControlServices><ns:ControlServiceRequest><ns:ControlType>Halt</ns:ControlType>$list</ns:ControlServiceRequest></ns:soapDoControlServices>")
tell $name 'a fault' "$(good "$(first faultstring <<<"$answer")" unknown)" "$(first faultcode <<<"$answer")"

name=ControlCenterServicesEx
path=/controlcenterservice2/services/$name
answer=$(call $path getStaticServiceListExtended '<ns:getStaticServiceListExtended><ns:ServiceInformationResponse/></ns:getStaticServiceListExtended>')
tell $name getStaticServiceListExtended "$(good "$(first PrimaryNode <<<"$answer")" true)" "$(number ServiceName <<<"$answer") services"
answer=$(call $path getFileDirectoryList '<ns:getFileDirectoryList><ns:DirectoryPath>/var/log/active/tomcat/logs/ccmservice</ns:DirectoryPath></ns:getFileDirectoryList>')
tell $name getFileDirectoryList "$(good "$(first File <<<"$answer")" ccmservice00001.log)" "$(number File <<<"$answer") files"
command_ $name $path soapDoControlServicesEx "<ns:soapDoControlServicesEx><ns:ControlServiceRequestEx><ns:ProductId>CallManager</ns:ProductId><ns:DependencyType>Enforce</ns:DependencyType><ns:ControlType>Stop</ns:ControlType>$list</ns:ControlServiceRequestEx></ns:soapDoControlServicesEx>" '-1 Stopped'
command_ $name $path soapDoServiceDeploymentNoDbUpdate "<ns:soapDoServiceDeploymentNoDbUpdate><ns:DeploymentServiceRequestEx><ns:DeployType>UnDeploy</ns:DeployType>$list</ns:DeploymentServiceRequestEx></ns:soapDoServiceDeploymentNoDbUpdate>" '-1 Stopped'

list='<ServiceList><item>Cisco Tftp</item></ServiceList>'
name=ControlCenterServicesPort
path=/controlcenterservice/services/$name
answer=$(call $path soapGetStaticServiceList '<soapGetStaticServiceList/>')
tell $name soapGetStaticServiceList "$(good "$(number ServiceName <<<"$answer")" "$listed")" "$listed services"
command_ $name $path soapDoServiceDeployment "<soapDoServiceDeployment><DeploymentServiceRequest><DeployType>Deploy</DeployType>$list</DeploymentServiceRequest></soapDoServiceDeployment>" '-1 Started'
command_ $name $path soapDoControlServices "<soapDoControlServices><ControlServiceRequest><ControlType>Restart</ControlType>$list</ControlServiceRequest></soapDoControlServices>" '-1 Started'
answer=$(call $path soapGetServiceStatus '<soapGetServiceStatus><ServiceStatus></ServiceStatus></soapGetServiceStatus>')
tell $name soapGetServiceStatus "$(good "$(number ServiceStatus <<<"$answer")" "$listed")" "$listed services"
answer=$(call $path GetProductInformationList '<GetProductInformationList/>')
tell $name GetProductInformationList "$(good "$(first PrimaryNode <<<"$answer")" cucm-pub.example.com)" "$(first ActiveServerVersion <<<"$answer")"
