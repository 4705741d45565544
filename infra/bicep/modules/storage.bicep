// The account that everything durable lies in. No key of it is ever used: only identities enter.
import { tagsOf } from '../types.bicep'

param name string
param location string
param tags tagsOf

@description('Locally, zone or geo redundant: what of the account survives.')
param sku ('Standard_LRS' | 'Standard_ZRS' | 'Standard_GRS' | 'Standard_GZRS')

@description('Name of the task hub in host.json: containers are named after it.')
param hub string

@description('False keeps the account out of reach of all but private endpoints.')
param publicNetwork bool

@description('True keeps the account, and the group with it, from being deleted by mistake.')
param lock bool

@description('Days after which an upload goes whatever the app thinks of it.')
@minValue(30)
param uploadsBackstopDays int

@description('Days after which a payload goes whatever the app thinks of it.')
@minValue(120)
param payloadsBackstopDays int

param workspaceId string

var deploymentContainer = 'app-package'
var payloads = '${toLower(hub)}-payloads'
var uploads = '${toLower(hub)}-imports'

resource account 'Microsoft.Storage/storageAccounts@2026-06-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: sku
  }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    publicNetworkAccess: publicNetwork ? 'Enabled' : 'Disabled'
    supportsHttpsTrafficOnly: true
    networkAcls: {
      bypass: 'None'
      defaultAction: publicNetwork ? 'Allow' : 'Deny'
    }
  }

  resource blobs 'blobServices' = {
    name: 'default'
    properties: {
      deleteRetentionPolicy: {
        enabled: true
        days: 7
      }
      containerDeleteRetentionPolicy: {
        enabled: true
        days: 7
      }
    }

    // The app makes its own two if they are not there; here they come before the rules that name them.
    resource containers 'containers' = [
      for container in [deploymentContainer, payloads, uploads]: {
        name: container
      }
    ]
  }

  resource queues 'queueServices' = {
    name: 'default'
  }

  resource tables 'tableServices' = {
    name: 'default'
  }

  // The app's own retention knows what is still in use and comes first (Chard:Retention); these rules know only ages, so they are a net
  // below it, for what no row tells of any more.
  resource lifecycle 'managementPolicies' = {
    name: 'default'
    dependsOn: [
      blobs
    ]
    properties: {
      policy: {
        rules: [
          {
            name: 'uploads'
            type: 'Lifecycle'
            enabled: true
            definition: {
              filters: {
                blobTypes: ['blockBlob']
                prefixMatch: ['${uploads}/']
              }
              actions: {
                baseBlob: {
                  delete: {
                    daysAfterModificationGreaterThan: uploadsBackstopDays
                  }
                }
              }
            }
          }
          {
            name: 'payloads'
            type: 'Lifecycle'
            enabled: true
            definition: {
              filters: {
                blobTypes: ['blockBlob']
                prefixMatch: ['${payloads}/']
              }
              actions: {
                baseBlob: {
                  delete: {
                    daysAfterModificationGreaterThan: payloadsBackstopDays
                  }
                }
              }
            }
          }
        ]
      }
    }
  }
}

resource keep 'Microsoft.Authorization/locks@2020-05-01' = if (lock) {
  name: 'keep'
  scope: account
  properties: {
    level: 'CanNotDelete'
    notes: 'All workflows lie in this account. docs/runbook/restore.md tells what its loss means.'
  }
}

// Transactions by API and answer: what a task costs, and who is throttled. Logs of single requests would cost more than the requests.
#disable-next-line use-recent-api-versions // the stable version, of 2016, is deprecated
resource blobMetrics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: account::blobs
  properties: {
    workspaceId: workspaceId
    metrics: [
      {
        category: 'Transaction'
        enabled: true
      }
    ]
  }
}

#disable-next-line use-recent-api-versions // the stable version, of 2016, is deprecated
resource queueMetrics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: account::queues
  properties: {
    workspaceId: workspaceId
    metrics: [
      {
        category: 'Transaction'
        enabled: true
      }
    ]
  }
}

#disable-next-line use-recent-api-versions // the stable version, of 2016, is deprecated
resource tableMetrics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: account::tables
  properties: {
    workspaceId: workspaceId
    metrics: [
      {
        category: 'Transaction'
        enabled: true
      }
    ]
  }
}

output id string = account.id
output blobUri string = account.properties.primaryEndpoints.blob
output queueUri string = account.properties.primaryEndpoints.queue
output tableUri string = account.properties.primaryEndpoints.table
output deploymentContainerUri string = '${account.properties.primaryEndpoints.blob}${deploymentContainer}'
