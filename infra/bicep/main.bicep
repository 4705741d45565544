// Chard on Azure: a Flex Consumption Functions app with a storage account that only its identity may use, and Application Insights.
//   az deployment group create -g <group> -f infra/bicep/main.bicep -p name=<name>
targetScope = 'resourceGroup'

@description('Short name of the installation; part of every resource\'s name.')
@minLength(3)
@maxLength(16)
param name string

@description('Region of all resources.')
param location string = resourceGroup().location

@description('Memory of one instance in MB. Flex Consumption offers 512, 2048 and 4096.')
param instanceMemoryMB int = 2048

@description('Most instances the app may grow to.')
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int = 100

var token = toLower(uniqueString(subscription().id, resourceGroup().id, name))

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  params: {
    name: name
    location: location
  }
}

module storage 'modules/storage.bicep' = {
  name: 'storage'
  params: {
    name: take('st${replace(toLower(name), '-', '')}${token}', 24)
    location: location
    deploymentContainer: 'app-package'
  }
}

module app 'modules/app.bicep' = {
  name: 'app'
  params: {
    name: 'func-${name}-${token}'
    planName: 'plan-${name}-${token}'
    location: location
    storageAccountName: storage.outputs.name
    deploymentContainerUri: storage.outputs.deploymentContainerUri
    applicationInsightsConnectionString: monitoring.outputs.connectionString
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
  }
}

module access 'modules/access.bicep' = {
  name: 'access'
  params: {
    storageAccountName: storage.outputs.name
    applicationInsightsName: monitoring.outputs.name
    principalId: app.outputs.principalId
  }
}

@description('Where the app answers.')
output url string = 'https://${app.outputs.hostName}'

@description('Name for: func azure functionapp publish, or az functionapp deployment source config-zip.')
output functionAppName string = app.outputs.name
