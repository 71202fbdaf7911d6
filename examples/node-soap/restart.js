// Restarts a service with node-soap, from the contract that the node itself serves.
//
//   UCM_PASSWORD=… NODE_EXTRA_CA_CERTS=$UCM_CACERT node restart.js 'Cisco Tftp'
import soap from 'soap'

const { UCM_HOST = '127.0.0.1', UCM_PORT = '8443', UCM_USER = 'administrator', UCM_PASSWORD } = process.env
const endpoint = `https://${UCM_HOST}:${UCM_PORT}/controlcenterservice2/services/ControlCenterServices`
const basic = new soap.BasicAuthSecurity(UCM_USER, UCM_PASSWORD)

// A real node's contract says localhost, so the endpoint is given again.
const client = await soap.createClientAsync(`${endpoint}?wsdl`, {
  endpoint,
  wsdl_headers: { Authorization: `Basic ${Buffer.from(`${UCM_USER}:${UCM_PASSWORD}`).toString('base64')}` },
})
client.setSecurity(basic)

const [answer] = await client.soapDoControlServicesAsync({
  ControlServiceRequest: { ControlType: 'Restart', ServiceList: { item: [process.argv[2]] } },
})
const result = answer.soapDoControlServicesReturn
for (const service of [].concat(result.ServiceInfoList.item)) {
  console.log(`${service.ServiceName}: ${service.ServiceStatus}`)
}
process.exit(String(result.ReasonCode) === '-1' ? 0 : 1)
