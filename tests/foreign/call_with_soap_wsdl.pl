# Every operation of the document/literal contracts with the classes that SOAP::WSDL makes of them, as
# phnowicki/serviceabilitytools does, credentials in the URL and a newline in NodeName included. It reads no encoded contract.
use strict;
use warnings;
use File::Temp qw(tempdir);

$ENV{PERL_LWP_SSL_CA_FILE} = $ENV{UCM_CACERT};
(my $url = $ENV{UCM_URL}) =~ s{//}{//$ENV{UCM_USER}:$ENV{UCM_PASSWORD}\@};

sub tell_ {
    my ($service, $operation, $good, $detail) = @_;
    print join("\t", $service, $operation, $good ? 'ok' : 'FAILED', $detail), "\n";
}

# An object whose methods are the operations of a service, and that returns what stands in the answer's only element.
sub service {
    my ($name, $port) = @_;
    my $classes = tempdir(CLEANUP => 1);
    system("wsdl2perl -b $classes -p Made$name file:$ENV{UCM_WSDL}/$name.wsdl >/dev/null 2>&1") == 0 or die "wsdl2perl $name";
    unshift @INC, $classes;
    my $class = "Made${name}Interfaces::${name}::${port}";
    eval "require $class; 1" or die $@;
    my $made = $class->new({ proxy => ["$url/controlcenterservice2/services/$name"] });
    return sub {
        my ($operation, $argument, $returned) = @_;
        my $answer = $made->$operation($argument) or die "$operation: " . $made->$operation($argument)->get_faultstring;
        my $get = 'get_' . ($returned // "${operation}Return");
        return $answer->$get;
    }, $made;
}

sub outcome {
    my ($answer) = @_;
    my $item = $answer->get_ServiceInfoList->get_item->[0];
    return join ' ', $answer->get_ReasonCode, $item->get_ServiceStatus, $item->get_ReasonCode;
}

my $tftp = { item => ['Cisco Tftp'] };

{
    my $name = 'ControlCenterServices';
    my ($call, $made) = service($name, 'ControlCenterServicesPort');
    my $listed = $call->('soapGetStaticServiceList', { ServiceInformationResponse => '' })->get_Services->get_item;
    tell_($name, 'soapGetStaticServiceList', (grep { $_->get_ServiceName eq 'Cisco Tftp' } @$listed) == 1, @$listed . ' services');
    my $done = outcome($call->('soapDoServiceDeployment', { DeploymentServiceRequest =>
        { NodeName => "127.0.0.1\n", DeployType => 'Deploy', ServiceList => $tftp } }));
    tell_($name, 'soapDoServiceDeployment', $done eq '-1 Started -1', $done);
    $done = outcome($call->('soapDoControlServices', { ControlServiceRequest =>
        { NodeName => "127.0.0.1\n", ControlType => 'Restart', ServiceList => $tftp } }));
    tell_($name, 'soapDoControlServices', $done eq '-1 Started -1', $done);
    my $states = $call->('soapGetServiceStatus', { ServiceStatus => [''] })->get_ServiceInfoList->get_item;
    tell_($name, 'soapGetServiceStatus', @$states == @$listed, @$states . ' services');
    my $found = $call->('getProductInformationList', { ServiceInfo => '' });
    tell_($name, 'getProductInformationList', $found->get_PrimaryNode eq 'cucm-pub.example.com', $found->get_ActiveServerVersion);
    my $fault = $made->soapDoControlServices({ ControlServiceRequest => { ControlType => 'Halt', ServiceList => $tftp } });
    tell_($name, 'a fault', !$fault && $fault->get_faultstring eq 'unknown', $fault->get_faultcode);
}

{
    my $name = 'ControlCenterServicesEx';
    my ($call) = service($name, 'ControlCenterServicesExPort');
    my $found = $call->('getStaticServiceListExtended', { ServiceInformationResponse => '' });
    tell_($name, 'getStaticServiceListExtended', $found->get_PrimaryNode, @{$found->get_Services->get_item} . ' services');
    my $files = $call->('getFileDirectoryList', { DirectoryPath => '/var/log/active/tomcat/logs/ccmservice' }, 'ListOfFiles')->get_File;
    tell_($name, 'getFileDirectoryList', $files->[0] eq 'ccmservice00001.log', @$files . ' files');
    my $done = outcome($call->('soapDoControlServicesEx', { ControlServiceRequestEx =>
        { ProductId => 'CallManager', DependencyType => 'Enforce', ControlType => 'Stop', ServiceList => $tftp } }));
    tell_($name, 'soapDoControlServicesEx', $done eq '-1 Stopped -1069', $done);
    $done = outcome($call->('soapDoServiceDeploymentNoDbUpdate', { DeploymentServiceRequestEx =>
        { ProductId => '', DeployType => 'UnDeploy', ServiceList => $tftp } }));
    tell_($name, 'soapDoServiceDeploymentNoDbUpdate', $done eq '-1 Stopped -1068', $done);
}
