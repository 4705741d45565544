// Chard on Azure: a Flex Consumption app, the storage account that only its identity enters, what watches it and wakes people, and, as
// parameters ask for them, a virtual network, PostgreSQL, sign-in by Entra and the Durable Task Scheduler. docs/deploy.md goes through it.
//   az deployment group create -g <group> -p infra/bicep/prod.bicepparam
targetScope = 'resourceGroup'

import { alwaysReadyOf, entraOf, mailOf, networkOf, postgresOf, retentionOf, tagsOf } from 'types.bicep'

@description('Short name of the installation; part of every resource\'s name.')
@minLength(3)
@maxLength(16)
param name string

@description('Region of all resources.')
param location string = resourceGroup().location

param tags tagsOf = {}

@description('Task hub: extensions.durableTask.hubName of host.json, which names all tables, queues and containers.')
param hub string = 'Chard'

// --- The app

@description('Memory of one instance in MB.')
param instanceMemoryMB (512 | 2048 | 4096) = 2048

@description('Most instances that the app may grow to, all groups together.')
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int = 100

@description('Requests at once on one instance before another one is started. Callers that wait for a status (?wait=, event streams) hold one each and cost nothing, so the platform\'s 16 would start instances for them.')
@minValue(1)
@maxValue(1000)
param httpConcurrency int = 100

param alwaysReady alwaysReadyOf = {
  durable: 1
  http: 1
  slowTasks: 0
}

@description('True spreads instances over the region\'s zones; take at least two always-ready ones of a group, and zone redundant storage.')
param zoneRedundant bool = false

@description('Seconds between two rounds of everything that is looked after. Each round is an execution and pays at least a second of an instance.')
param clockSeconds (2 | 3 | 4 | 5 | 6 | 10 | 12 | 15 | 20 | 30 | 60) = 15

param retention retentionOf = {
  endedDays: 30
  failedDays: 90
  lettersDays: 90
  uploadsDays: 30
}

// --- Who may do what

@description('Keys of the three roles; empty for a role that no key opens. At least 32 characters of chance. The host has to be told them too: see docs/deploy.md.')
@secure()
param readerKey string = ''

@secure()
param starterKey string = ''

@secure()
param operatorKey string = ''

@description('True refuses whoever has no role.')
param accessRequired bool = true

@description('Sign-in by Microsoft Entra ID; null for keys alone.')
param entra entraOf?

// --- What it talks to

@description('False for an app that imports nothing into a database.')
param imports bool = true

@description('PostgreSQL made here for imports; null where importDatabase names another.')
param postgres postgresOf?

@description('Connection string of a PostgreSQL that is there already (Host=…); without a password the app brings a token of its identity.')
@secure()
param importDatabase string = ''

@description('The mail server of newsletters; null for an app that sends none.')
param mail mailOf?

@secure()
param mailPassword string = ''

@description('A virtual network; null for none.')
param network networkOf?

@description('True makes a Durable Task Scheduler and the settings that name it. This build has no worker for it: see docs/deploy.md.')
param scheduler bool = false

// --- Storage

@description('What of the account survives: a rack (LRS), a zone (ZRS), the region (GRS, GZRS).')
param storageSku ('Standard_LRS' | 'Standard_ZRS' | 'Standard_GRS' | 'Standard_GZRS') = 'Standard_ZRS'

@description('True keeps the storage account from being deleted by mistake.')
param lockStorage bool = true

@description('Days after which an upload goes even if the app kept it: longer than any import waits for an operator.')
@minValue(30)
param uploadsBackstopDays int = 120

@description('Days after which a payload goes even if the app kept it. A start may be put off for a year and then run for one, and what failed is kept for 90 days more; a payload in use must outlast all of it.')
@minValue(120)
param payloadsBackstopDays int = 1095

// --- What is watched

@description('Who is mailed.')
@minLength(1)
param alertEmails string[]

@description('Tasks whose latency matters; none for all.')
param criticalTasks string[] = []

@description('Where docs/runbook is to be read, without a slash at its end.')
param runbooks string = 'docs/runbook'

@description('Gigabytes of telemetry a day, after which none is taken in until the next one; -1 for no cap.')
param dailyCapGB int = 5

@minValue(30)
@maxValue(730)
param logRetentionDays int = 30

@description('Regions of Application Insights from which health is asked for every five minutes.')
@minLength(3)
param testedFrom string[] = ['emea-nl-ams-azr', 'emea-gb-db3-azr', 'us-va-ash-azr']

@description('Planned costs of a month in the currency of the subscription; 0 for no budget.')
@minValue(0)
param monthlyBudget int = 0

@description('First day of the month from which on the budget counts, such as 2026-12-01.')
param budgetStart string = ''

var token = uniqueString(subscription().id, resourceGroup().id, name)
var short = replace(toLower(name), '-', '')
// Known before anything is made, so that what-if can tell all of it.
var storageName = take('st${short}${token}', 24)
var vaultName = take('kv-${short}-${token}', 24)
var insightsName = 'appi-${name}'

var isPublic = network == null

// Secrets by the setting that they are for. What is empty gets neither a secret nor a setting.
var secrets = {
  'reader-key': readerKey
  'starter-key': starterKey
  'operator-key': operatorKey
  'import-database': importDatabase
  'mail-password': mailPassword
}
var secretOf = {
  Chard__Access__ReaderKey: 'reader-key'
  Chard__Access__StarterKey: 'starter-key'
  Chard__Access__OperatorKey: 'operator-key'
  Chard__Imports__Database: 'import-database'
  Chard__Mail__Smtp__Password: 'mail-password'
}
var given = [
  ...(empty(readerKey) ? [] : ['Chard__Access__ReaderKey'])
  ...(empty(starterKey) ? [] : ['Chard__Access__StarterKey'])
  ...(empty(operatorKey) ? [] : ['Chard__Access__OperatorKey'])
  ...(empty(importDatabase) || postgres != null ? [] : ['Chard__Imports__Database'])
  ...(empty(mailPassword) ? [] : ['Chard__Mail__Smtp__Password'])
]

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-${name}-${token}'
  location: location
  tags: tags
}

module monitoring 'modules/monitoring.bicep' = {
  params: {
    workspaceName: 'log-${name}'
    insightsName: insightsName
    location: location
    tags: tags
    dailyCapGB: dailyCapGB
    retentionDays: logRetentionDays
  }
}

module storage 'modules/storage.bicep' = {
  params: {
    name: storageName
    location: location
    tags: tags
    sku: storageSku
    hub: hub
    publicNetwork: isPublic
    lock: lockStorage
    uploadsBackstopDays: uploadsBackstopDays
    payloadsBackstopDays: payloadsBackstopDays
    workspaceId: monitoring.outputs.workspaceId
  }
}

module vault 'modules/vault.bicep' = {
  params: {
    name: vaultName
    location: location
    tags: tags
    publicNetwork: isPublic
    purgeProtection: lockStorage
    secrets: secrets
    secretNames: objectKeys(secrets)
    workspaceId: monitoring.outputs.workspaceId
  }
}

module access 'modules/access.bicep' = {
  params: {
    storageAccountName: storageName
    applicationInsightsName: insightsName
    keyVaultName: vaultName
    identityId: identity.id
    principalId: identity.properties.principalId
  }
  dependsOn: [
    storage
    monitoring
    vault
  ]
}

module net 'modules/network.bicep' = if (network != null) {
  params: {
    name: name
    location: location
    tags: tags
    network: network!
  }
}

var storageEndpoints = ['blob', 'queue', 'table']

module storageEndpoint 'modules/endpoint.bicep' = [
  for service in storageEndpoints: if (network != null) {
    params: {
      name: '${name}-storage'
      location: location
      tags: tags
      targetId: storage.outputs.id
      groupId: service
      zoneName: 'privatelink.${service}.${environment().suffixes.storage}'
      networkId: net!.outputs.id
      subnetId: net!.outputs.endpointSubnetId
    }
  }
]

module vaultEndpoint 'modules/endpoint.bicep' = if (network != null) {
  params: {
    name: '${name}-vault'
    location: location
    tags: tags
    targetId: vault.outputs.id
    groupId: 'vault'
    zoneName: 'privatelink.vaultcore.azure.net'
    networkId: net!.outputs.id
    subnetId: net!.outputs.endpointSubnetId
  }
}

module database 'modules/postgres.bicep' = if (postgres != null) {
  params: {
    name: 'psql-${name}-${token}'
    location: location
    tags: tags
    postgres: postgres!
    publicNetwork: isPublic
    identityName: identity.name
    #disable-next-line what-if-short-circuiting // an administrator is named by an id that only its making gives
    identityPrincipalId: identity.properties.principalId
    workspaceId: monitoring.outputs.workspaceId
  }
}

module databaseEndpoint 'modules/endpoint.bicep' = if (network != null && postgres != null) {
  params: {
    name: '${name}-postgres'
    location: location
    tags: tags
    targetId: database!.outputs.id
    groupId: 'postgresqlServer'
    zoneName: 'privatelink.postgres.database.azure.com'
    networkId: net!.outputs.id
    subnetId: net!.outputs.endpointSubnetId
  }
}

module durableTaskScheduler 'modules/scheduler.bicep' = if (scheduler) {
  params: {
    name: 'dts-${name}-${token}'
    location: location
    tags: tags
    hub: hub
    identityId: identity.id
    principalId: identity.properties.principalId
  }
}

var settings = union(
  {
    // The account, in the form that host, triggers and app all read.
    AzureWebJobsStorage__credential: 'managedidentity'
    AzureWebJobsStorage__clientId: identity.properties.clientId
    AzureWebJobsStorage__blobServiceUri: storage.outputs.blobUri
    AzureWebJobsStorage__queueServiceUri: storage.outputs.queueUri
    AzureWebJobsStorage__tableServiceUri: storage.outputs.tableUri
    // Which identity the app's own credential is: of several assigned ones it could not tell.
    AZURE_CLIENT_ID: identity.properties.clientId
    APPLICATIONINSIGHTS_CONNECTION_STRING: monitoring.outputs.connectionString
    // For the host's own telemetry; the app sets its credential in code.
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.properties.clientId};Authorization=AAD'
    Chard__Clock: string(clockSeconds)
    Chard__Retention__EndedDays: string(retention.endedDays)
    Chard__Retention__FailedDays: string(retention.failedDays)
    Chard__Retention__LettersDays: string(retention.lettersDays)
    Chard__Retention__UploadsDays: string(retention.uploadsDays)
    Chard__Access__Required: string(accessRequired)
  },
  mail == null ? {} : { Chard__Mail__Smtp__Host: mail!.host, Chard__Mail__Smtp__Port: string(mail!.port) },
  mail.?userName == null ? {} : { Chard__Mail__Smtp__UserName: mail.?userName },
  postgres == null ? {} : { Chard__Imports__Database: database!.outputs.connectionString },
  scheduler
    ? {
        DURABLE_TASK_SCHEDULER_CONNECTION_STRING: 'Endpoint=${durableTaskScheduler!.outputs.endpoint};Authentication=ManagedIdentity;ClientID=${identity.properties.clientId}'
        TASKHUB_NAME: durableTaskScheduler!.outputs.hub
      }
    : {},
  toObject(
    given,
    setting => setting,
    setting => '@Microsoft.KeyVault(VaultName=${vaultName};SecretName=${secretOf[setting]})'
  ),
  imports && postgres == null && empty(importDatabase)
    ? { Chard__Imports__Database: fail('Imports need a database on Azure: give postgres or importDatabase.') }
    : {}
)

module app 'modules/app.bicep' = {
  params: {
    name: 'func-${name}-${token}'
    planName: 'plan-${name}-${token}'
    location: location
    tags: tags
    identityId: identity.id
    deploymentContainerUri: storage.outputs.deploymentContainerUri
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    alwaysReady: alwaysReady
    httpConcurrency: httpConcurrency
    zoneRedundant: zoneRedundant
    subnetId: net.?outputs.appSubnetId
    settings: settings
    entra: entra
    workspaceId: monitoring.outputs.workspaceId
  }
  dependsOn: [
    access
    storageEndpoint
    vaultEndpoint
    databaseEndpoint
  ]
}

module alerts 'modules/alerts.bicep' = {
  params: {
    name: name
    location: location
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
    insightsId: monitoring.outputs.insightsId
    criticalTasks: criticalTasks
    runbooks: runbooks
    emails: alertEmails
    healthUrl: 'https://${app.outputs.hostName}/api/health'
    testedFrom: testedFrom
  }
}

module workbook 'modules/workbook.bicep' = {
  params: {
    name: name
    location: location
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
  }
}

module budget 'modules/budget.bicep' = if (monthlyBudget > 0) {
  params: {
    amount: monthlyBudget
    startDate: budgetStart
    emails: alertEmails
  }
}

@description('Where the app answers.')
output url string = 'https://${app.outputs.hostName}'

@description('Name for az functionapp deployment source config-zip.')
output functionAppName string = app.outputs.name

@description('The app\'s identity: what else it is to reach has to know it by this name.')
output identityName string = identity.name
