<?php
// Every operation with PHP's SoapClient, from the contracts that the server hands out.

const TFTP = ['item' => ['Cisco Tftp']];

function client(string $path): SoapClient
{
    return new SoapClient(getenv('UCM_URL') . $path . '?wsdl', [
        'login' => getenv('UCM_USER'),
        'password' => getenv('UCM_PASSWORD'),
        'cache_wsdl' => WSDL_CACHE_NONE,
        'features' => SOAP_SINGLE_ELEMENT_ARRAYS,
        'stream_context' => stream_context_create(['ssl' => ['cafile' => getenv('UCM_CACERT')]]),
    ]);
}

function tell(string $service, string $operation, bool $good, string $detail): void
{
    echo implode("\t", [$service, $operation, $good ? 'ok' : 'FAILED', $detail]), "\n";
}

function items($list): array
{
    return is_array($list) ? $list : $list->item;
}

function outcome(object $answer): string
{
    $item = items($answer->ServiceInfoList)[0];
    $code = is_object($answer->ReasonCode) ? $answer->ReasonCode->_ : $answer->ReasonCode;
    return "$code $item->ServiceStatus $item->ReasonCode";
}

function current_services(): void
{
    $name = 'ControlCenterServices';
    $call = client("/controlcenterservice2/services/$name");
    $listed = $call->soapGetStaticServiceList(['ServiceInformationResponse' => ''])
        ->soapGetStaticServiceListReturn->Services->item;
    $names = array_map(fn ($each) => $each->ServiceName, $listed);
    tell($name, 'soapGetStaticServiceList', in_array('Cisco Tftp', $names), count($names) . ' services');
    $request = ['NodeName' => '', 'DeployType' => 'Deploy', 'ServiceList' => TFTP];
    $done = outcome($call->soapDoServiceDeployment(['DeploymentServiceRequest' => $request])->soapDoServiceDeploymentReturn);
    tell($name, 'soapDoServiceDeployment', $done === '-1 Started -1', $done);
    $request = ['NodeName' => '', 'ControlType' => 'Restart', 'ServiceList' => TFTP];
    $done = outcome($call->soapDoControlServices(['ControlServiceRequest' => $request])->soapDoControlServicesReturn);
    tell($name, 'soapDoControlServices', $done === '-1 Started -1', $done);
    $states = $call->soapGetServiceStatus(['ServiceStatus' => ''])->soapGetServiceStatusReturn->ServiceInfoList->item;
    tell($name, 'soapGetServiceStatus', count($states) === count($names), count($states) . ' services');
    $found = $call->getProductInformationList(['ServiceInfo' => ''])->getProductInformationListReturn;
    tell($name, 'getProductInformationList', $found->PrimaryNode === 'cucm-pub.example.com', $found->ActiveServerVersion);
    try {
        $call->soapDoControlServices(['ControlServiceRequest' => ['ControlType' => 'Halt'] + $request]);
        tell($name, 'a fault', false, 'none');
    } catch (SoapFault $fault) {
        tell($name, 'a fault', $fault->faultstring === 'unknown', $fault->faultcode);
    }
}

function extended(): void
{
    $name = 'ControlCenterServicesEx';
    $call = client("/controlcenterservice2/services/$name");
    $found = $call->getStaticServiceListExtended(['ServiceInformationResponse' => ''])->getStaticServiceListExtendedReturn;
    tell($name, 'getStaticServiceListExtended', $found->PrimaryNode === true, count($found->Services->item) . ' services');
    $files = $call->getFileDirectoryList(['DirectoryPath' => '/var/log/active/tomcat/logs/ccmservice'])->ListOfFiles->File;
    tell($name, 'getFileDirectoryList', $files[0] === 'ccmservice00001.log', count($files) . ' files');
    $request = ['ProductId' => 'CallManager', 'DependencyType' => 'Enforce', 'ControlType' => 'Stop', 'ServiceList' => TFTP];
    $done = outcome($call->soapDoControlServicesEx(['ControlServiceRequestEx' => $request])->soapDoControlServicesExReturn);
    tell($name, 'soapDoControlServicesEx', $done === '-1 Stopped -1069', $done);
    $request = ['ProductId' => '', 'DeployType' => 'UnDeploy', 'ServiceList' => TFTP];
    $done = outcome($call->soapDoServiceDeploymentNoDbUpdate(['DeploymentServiceRequestEx' => $request])
        ->soapDoServiceDeploymentNoDbUpdateReturn);
    tell($name, 'soapDoServiceDeploymentNoDbUpdate', $done === '-1 Stopped -1068', $done);
}

function legacy(): void
{
    $name = 'ControlCenterServicesPort';
    $call = client("/controlcenterservice/services/$name");
    $names = array_map(fn ($each) => $each->ServiceName, items($call->soapGetStaticServiceList('')->Services));
    tell($name, 'soapGetStaticServiceList', in_array('Cisco Tftp', $names), count($names) . ' services');
    $done = outcome($call->soapDoServiceDeployment(['NodeName' => '', 'DeployType' => 'Deploy', 'ServiceList' => ['Cisco Tftp']]));
    tell($name, 'soapDoServiceDeployment', $done === '-1 Started -1', $done);
    $done = outcome($call->soapDoControlServices(['NodeName' => '', 'ControlType' => 'Restart', 'ServiceList' => ['Cisco Tftp']]));
    tell($name, 'soapDoControlServices', $done === '-1 Started -1', $done);
    $states = items($call->soapGetServiceStatus([''])->ServiceInfoList);
    tell($name, 'soapGetServiceStatus', count($states) === count($names), count($states) . ' services');
    $found = $call->GetProductInformationList('');
    tell($name, 'GetProductInformationList', $found->PrimaryNode === 'cucm-pub.example.com', $found->ActiveServerVersion);
}

current_services();
extended();
legacy();
