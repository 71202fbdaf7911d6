// Every operation with node-soap, from the contracts that the server hands out.
"use strict";
const soap = require("soap");

const { UCM_URL, UCM_USER, UCM_PASSWORD } = process.env;
const authorization = "Basic " + Buffer.from(`${UCM_USER}:${UCM_PASSWORD}`).toString("base64");
const TFTP = { item: ["Cisco Tftp"] };

async function client(path) {
  const made = await soap.createClientAsync(`${UCM_URL}${path}?wsdl`, {
    wsdl_headers: { Authorization: authorization },
  });
  made.setSecurity(new soap.BasicAuthSecurity(UCM_USER, UCM_PASSWORD));
  return made;
}

function tell(service, operation, good, detail) {
  console.log([service, operation, good ? "ok" : "FAILED", detail].join("\t"));
}

// In SOAP encoding every value carries its type as an attribute, which node-soap shows.
function value(read) {
  return read !== null && typeof read === "object" && "$value" in read ? read.$value : read;
}

function list(read) {
  return [].concat(read);
}

function outcome(answer) {
  const item = list(answer.ServiceInfoList.item)[0];
  return [answer.ReasonCode, item.ServiceStatus, item.ReasonCode].map(value).join(" ");
}

async function control(name, made, returned) {
  const call = async (operation, argument) => (await made[`${operation}Async`](argument))[0][returned(operation)];
  const listed = list((await call("soapGetStaticServiceList", { ServiceInformationResponse: "" })).Services.item);
  const names = listed.map((each) => value(each.ServiceName));
  tell(name, "soapGetStaticServiceList", names.includes("Cisco Tftp"), `${names.length} services`);
  let done = outcome(await call("soapDoServiceDeployment", {
    DeploymentServiceRequest: { NodeName: "", DeployType: "Deploy", ServiceList: TFTP },
  }));
  tell(name, "soapDoServiceDeployment", done === "-1 Started -1", done);
  done = outcome(await call("soapDoControlServices", {
    ControlServiceRequest: { NodeName: "", ControlType: "Restart", ServiceList: TFTP },
  }));
  tell(name, "soapDoControlServices", done === "-1 Started -1", done);
  const states = list((await call("soapGetServiceStatus", { ServiceStatus: "" })).ServiceInfoList.item);
  tell(name, "soapGetServiceStatus", states.length === names.length, `${states.length} services`);
}

async function current() {
  const name = "ControlCenterServices";
  const made = await client(`/controlcenterservice2/services/${name}`);
  await control(name, made, (operation) => `${operation}Return`);
  const [answer] = await made.getProductInformationListAsync({ ServiceInfo: "" });
  const found = answer.getProductInformationListReturn;
  tell(name, "getProductInformationList", found.PrimaryNode === "cucm-pub.example.com", found.ActiveServerVersion);
  try {
    await made.soapDoControlServicesAsync({ ControlServiceRequest: { ControlType: "Halt", ServiceList: TFTP } });
    tell(name, "a fault", false, "none");
  } catch (error) {
    const fault = error.root.Envelope.Body.Fault;
    tell(name, "a fault", fault.faultstring === "unknown", fault.faultcode);
  }
}

async function extended() {
  const name = "ControlCenterServicesEx";
  const made = await client(`/controlcenterservice2/services/${name}`);
  const [extended] = await made.getStaticServiceListExtendedAsync({ ServiceInformationResponse: "" });
  const found = extended.getStaticServiceListExtendedReturn;
  tell(name, "getStaticServiceListExtended", found.PrimaryNode === true, `${found.Services.item.length} services`);
  const [files] = await made.getFileDirectoryListAsync({ DirectoryPath: "/var/log/active/tomcat/logs/ccmservice" });
  tell(name, "getFileDirectoryList", files.ListOfFiles.File[0] === "ccmservice00001.log", `${files.ListOfFiles.File.length} files`);
  const [stopped] = await made.soapDoControlServicesExAsync({
    ControlServiceRequestEx: { ProductId: "CallManager", DependencyType: "Enforce", ControlType: "Stop", ServiceList: TFTP },
  });
  let done = outcome(stopped.soapDoControlServicesExReturn);
  tell(name, "soapDoControlServicesEx", done === "-1 Stopped -1069", done);
  const [undeployed] = await made.soapDoServiceDeploymentNoDbUpdateAsync({
    DeploymentServiceRequestEx: { ProductId: "", DeployType: "UnDeploy", ServiceList: TFTP },
  });
  done = outcome(undeployed.soapDoServiceDeploymentNoDbUpdateReturn);
  tell(name, "soapDoServiceDeploymentNoDbUpdate", done === "-1 Stopped -1068", done);
}

async function legacy() {
  const name = "ControlCenterServicesPort";
  const made = await client(`/controlcenterservice/services/${name}`);
  await control(name, made, (operation) =>
    operation === "soapGetServiceStatus" ? "ServiceInformationResponse" : `${operation}Return`);
  const [answer] = await made.GetProductInformationListAsync({ ServiceInfo: "" });
  const found = answer.getProductInformationListReturn;
  tell(name, "GetProductInformationList", value(found.PrimaryNode) === "cucm-pub.example.com", value(found.ActiveServerVersion));
}

(async () => {
  await current();
  await extended();
  await legacy();
})().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
