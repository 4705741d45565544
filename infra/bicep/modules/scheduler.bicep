// Durable Task Scheduler in place of the storage account as the engine's backend. docs/deploy.md tells what it needs besides.
import { tagsOf } from '../types.bicep'

param name string
param location string
param tags tagsOf
param hub string

@description('The app\'s identity.')
param identityId string
param principalId string

var durableTaskDataContributor = '0ad04412-c4d5-4796-b79c-f76d14c8d402'

resource scheduler 'Microsoft.DurableTask/schedulers@2026-02-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    ipAllowlist: ['0.0.0.0/0'] // by identity alone, from anywhere
    sku: {
      name: 'Consumption'
    }
  }

  resource taskHub 'taskHubs' = {
    name: toLower(hub)
  }
}

resource role 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(scheduler.id, identityId, durableTaskDataContributor)
  scope: scheduler
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', durableTaskDataContributor)
  }
}

output endpoint string = scheduler.properties.endpoint
output hub string = scheduler::taskHub.name
