# Every operation with SOAP::Lite: by hand where a contract is document/literal, from the contract where it is encoded.
use strict;
use warnings;
use SOAP::Lite;

$ENV{PERL_LWP_SSL_CA_FILE} = $ENV{UCM_CACERT};
sub SOAP::Transport::HTTP::Client::get_basic_credentials { return ($ENV{UCM_USER}, $ENV{UCM_PASSWORD}) }

sub tell_ {
    my ($service, $operation, $good, $detail) = @_;
    print join("\t", $service, $operation, $good ? 'ok' : 'FAILED', $detail), "\n";
}

sub element {
    my ($name, @content) = @_;
    return @content == 1 && !ref $content[0]
        ? SOAP::Data->name($name)->type('')->value($content[0])
        : SOAP::Data->name($name => \SOAP::Data->value(@content));
}

sub outcome {
    my ($answer, $path) = @_;
    return join ' ', map { $answer->valueof("$path/$_") } qw(ReasonCode ServiceInfoList/[1]/ServiceStatus ServiceInfoList/[1]/ReasonCode);
}

sub calls {
    my ($path) = @_;
    my $client = SOAP::Lite->proxy("$ENV{UCM_URL}$path")->default_ns('http://schemas.cisco.com/ast/soap')
        ->on_action(sub { qq("$_[1]") })->on_fault(sub { $_[1] });
    return sub {
        my ($operation, @arguments) = @_;
        my $answer = $client->call($operation, @arguments);
        die "$operation: " . $client->transport->status unless ref $answer;
        return $answer;
    };
}

my @tftp = element('ServiceList', element('item', 'Cisco Tftp'));

{
    my $name = 'ControlCenterServices';
    my $call = calls("/controlcenterservice2/services/$name");
    my @listed = $call->('soapGetStaticServiceList', element('ServiceInformationResponse', ''))->valueof('//item/ServiceName');
    tell_($name, 'soapGetStaticServiceList', (grep { $_ eq 'Cisco Tftp' } @listed) == 1, @listed . ' services');
    my $done = outcome($call->('soapDoServiceDeployment', element('DeploymentServiceRequest',
        element('NodeName', ''), element('DeployType', 'Deploy'), @tftp)), '//soapDoServiceDeploymentReturn');
    tell_($name, 'soapDoServiceDeployment', $done eq '-1 Started -1', $done);
    $done = outcome($call->('soapDoControlServices', element('ControlServiceRequest',
        element('NodeName', ''), element('ControlType', 'Restart'), @tftp)), '//soapDoControlServicesReturn');
    tell_($name, 'soapDoControlServices', $done eq '-1 Started -1', $done);
    my @states = $call->('soapGetServiceStatus', element('ServiceStatus', ''))->valueof('//item/ServiceStatus');
    tell_($name, 'soapGetServiceStatus', @states == @listed, @states . ' services');
    my $found = $call->('getProductInformationList', element('ServiceInfo', ''));
    tell_($name, 'getProductInformationList', $found->valueof('//PrimaryNode') eq 'cucm-pub.example.com', $found->valueof('//ActiveServerVersion'));
    my $fault = $call->('soapDoControlServices', element('ControlServiceRequest', element('ControlType', 'Halt'), @tftp));
    tell_($name, 'a fault', $fault->fault && $fault->faultstring eq 'unknown', $fault->faultcode // 'none');
}

{
    my $name = 'ControlCenterServicesEx';
    my $call = calls("/controlcenterservice2/services/$name");
    my $found = $call->('getStaticServiceListExtended', element('ServiceInformationResponse', ''));
    my @listed = $found->valueof('//item/ServiceName');
    tell_($name, 'getStaticServiceListExtended', $found->valueof('//PrimaryNode') eq 'true', @listed . ' services');
    my @files = $call->('getFileDirectoryList', element('DirectoryPath', '/var/log/active/tomcat/logs/ccmservice'))->valueof('//File');
    tell_($name, 'getFileDirectoryList', $files[0] eq 'ccmservice00001.log', @files . ' files');
    my $done = outcome($call->('soapDoControlServicesEx', element('ControlServiceRequestEx', element('ProductId', 'CallManager'),
        element('DependencyType', 'Enforce'), element('ControlType', 'Stop'), @tftp)), '//soapDoControlServicesExReturn');
    tell_($name, 'soapDoControlServicesEx', $done eq '-1 Stopped -1069', $done);
    $done = outcome($call->('soapDoServiceDeploymentNoDbUpdate', element('DeploymentServiceRequestEx', element('ProductId', ''),
        element('DeployType', 'UnDeploy'), @tftp)), '//soapDoServiceDeploymentNoDbUpdateReturn');
    tell_($name, 'soapDoServiceDeploymentNoDbUpdate', $done eq '-1 Stopped -1068', $done);
}

# Lists are read with the stub that SOAP::Lite makes of the contract; it cannot write arrays, so commands go by hand.
{
    my $name = 'ControlCenterServicesPort';
    my $path = "/controlcenterservice/services/$name";
    (my $url = $ENV{UCM_URL}) =~ s{//}{//$ENV{UCM_USER}:$ENV{UCM_PASSWORD}\@};
    my $stub = SOAP::Lite->service("$url$path?wsdl");
    my $call = SOAP::Lite->proxy("$ENV{UCM_URL}$path")->uri('http://schemas.cisco.com/ast/soap/');
    my $listed = $stub->soapGetStaticServiceList('')->{Services};
    tell_($name, 'soapGetStaticServiceList', (grep { $_->{ServiceName} eq 'Cisco Tftp' } @$listed) == 1, @$listed . ' services');
    my $names = SOAP::Data->name('ServiceList' => ['Cisco Tftp']);
    my $done = outcome($call->soapDoServiceDeployment(SOAP::Data->name('DeploymentServiceRequest' => \SOAP::Data->value(
        SOAP::Data->name('DeployType' => 'Deploy'), $names))), '//soapDoServiceDeploymentReturn');
    tell_($name, 'soapDoServiceDeployment', $done eq '-1 Started -1', $done);
    $done = outcome($call->soapDoControlServices(SOAP::Data->name('ControlServiceRequest' => \SOAP::Data->value(
        SOAP::Data->name('ControlType' => 'Restart'), $names))), '//soapDoControlServicesReturn');
    tell_($name, 'soapDoControlServices', $done eq '-1 Started -1', $done);
    my @states = $call->soapGetServiceStatus('')->valueof('//ServiceInfoList/item');
    tell_($name, 'soapGetServiceStatus', @states == @$listed, @states . ' services');
    my $found = $stub->GetProductInformationList('');
    tell_($name, 'GetProductInformationList', $found->{PrimaryNode} eq 'cucm-pub.example.com', $found->{ActiveServerVersion});
}
