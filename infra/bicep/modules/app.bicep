// The Functions app on Flex Consumption.
import { alwaysReadyOf, entraOf, tagsOf } from '../types.bicep'

param name string
param planName string
param location string
param tags tagsOf
param identityId string
param deploymentContainerUri string
param instanceMemoryMB int
param maximumInstanceCount int
param alwaysReady alwaysReadyOf

@description('Requests at once on one instance before another one is started.')
param httpConcurrency int

@description('True spreads instances over the region\'s zones.')
param zoneRedundant bool

@description('Where the app\'s outgoing calls leave from; null for no network.')
param subnetId string?

@description('App settings by name. Secrets come as references to the vault.')
param settings {
  *: string
}

@description('Sign-in by Entra; null for none, and function keys alone.')
param entra entraOf?

param workspaceId string

// A group with no instance is left out: the platform takes no zeros.
var warm = filter(
  [
    {
      name: 'durable'
      instanceCount: alwaysReady.durable
    }
    {
      name: 'http'
      instanceCount: alwaysReady.http
    }
    {
      name: 'function:RunSlowTask'
      instanceCount: alwaysReady.slowTasks
    }
  ],
  group => group.instanceCount > 0
)

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    tier: 'FlexConsumption'
    name: 'FC1'
  }
  properties: {
    reserved: true // Linux
    zoneRedundant: zoneRedundant
  }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'app' }) // azd deploys to what has this tag
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    clientAffinityEnabled: false
    keyVaultReferenceIdentity: identityId
    virtualNetworkSubnetId: subnetId
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: deploymentContainerUri
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      runtime: {
        name: 'dotnet-isolated'
        version: '10.0'
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
        alwaysReady: warm
        triggers: {
          http: {
            perInstanceConcurrency: httpConcurrency
          }
        }
      }
      // The other strategy, Recreate, ends whatever runs. Microsoft's documentation has the property, the compiler's types have not.
      #disable-next-line BCP037
      siteUpdateStrategy: {
        type: 'RollingUpdate'
      }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ftpsState: 'Disabled'
      http20Enabled: true
      appSettings: map(items(settings), setting => {
        name: setting.key
        value: setting.value
      })
    }
  }

  resource ftp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: {
      allow: false
    }
  }

  resource scm 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: {
      allow: false
    }
  }

  resource signIn 'config' = if (entra != null) {
    name: 'authsettingsV2'
    properties: {
      platform: {
        enabled: true
      }
      globalValidation: {
        requireAuthentication: entra.?tokensOnly ?? true
        unauthenticatedClientAction: (entra.?tokensOnly ?? true) ? 'Return401' : 'AllowAnonymous'
        excludedPaths: ['/api/health'] // the availability test asks it, and it tells nothing
      }
      httpSettings: {
        requireHttps: true
      }
      identityProviders: {
        azureActiveDirectory: {
          enabled: true
          registration: {
            clientId: entra.?clientId
            openIdIssuer: '${environment().authentication.loginEndpoint}${subscription().tenantId}/v2.0'
          }
          validation: {
            allowedAudiences: [
              'api://${entra.?clientId}'
              entra.?clientId ?? ''
            ]
          }
        }
      }
      login: {
        tokenStore: {
          enabled: false // callers bring tokens; nobody logs in here
        }
      }
    }
  }
}

// What the host says before telemetry is up, such as why it does not start, and the platform's own metrics.
#disable-next-line use-recent-api-versions // the stable version, of 2016, is deprecated
resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: app
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'FunctionAppLogs'
        enabled: true
      }
    ]
    metrics: [
      {
        category: 'AllMetrics'
        enabled: true
      }
    ]
  }
}

output name string = app.name
output hostName string = app.properties.defaultHostName
