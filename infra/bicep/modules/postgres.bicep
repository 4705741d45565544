// The database of imports. It knows no passwords: the app enters with a token of its identity.
import { postgresOf, tagsOf } from '../types.bicep'

param name string
param location string
param tags tagsOf
param postgres postgresOf
param publicNetwork bool

@description('The app\'s identity.')
param identityName string
param identityPrincipalId string

param workspaceId string

var database = 'imports'

resource server 'Microsoft.DBforPostgreSQL/flexibleServers@2025-08-01' = {
  name: name
  location: location
  tags: tags
  sku: {
    name: postgres.sku
    tier: postgres.tier
  }
  properties: {
    version: postgres.version
    authConfig: {
      activeDirectoryAuth: 'Enabled'
      passwordAuth: 'Disabled'
      tenantId: subscription().tenantId
    }
    storage: {
      storageSizeGB: postgres.storageGB
      autoGrow: 'Enabled'
    }
    backup: {
      backupRetentionDays: postgres.backupDays
      geoRedundantBackup: postgres.geoRedundantBackup ? 'Enabled' : 'Disabled'
    }
    highAvailability: {
      mode: postgres.highAvailability
    }
    network: {
      publicNetworkAccess: publicNetwork ? 'Enabled' : 'Disabled'
    }
  }

  // Imports make and fill tables of their own, so the app owns what it makes. docs/deploy.md tells how to give it a lesser role.
  resource app 'administrators' = {
    name: identityPrincipalId
    properties: {
      principalName: identityName
      principalType: 'ServicePrincipal'
      tenantId: subscription().tenantId
    }
  }

  resource people 'administrators' = if (postgres.?administrator != null) {
    name: postgres.?administrator.?objectId ?? 'none'
    dependsOn: [app] // one change of administrators at a time
    properties: {
      principalName: postgres.?administrator.?name
      principalType: postgres.?administrator.?type
      tenantId: subscription().tenantId
    }
  }

  resource imports 'databases' = {
    name: database
    dependsOn: [app]
    properties: {
      charset: 'UTF8'
      collation: 'en_US.utf8'
    }
  }

  // Flex Consumption has no fixed addresses without a network; who gets through still needs a token.
  resource fromAzure 'firewallRules' = if (publicNetwork) {
    name: 'from-azure'
    dependsOn: [imports]
    properties: {
      startIpAddress: '0.0.0.0'
      endIpAddress: '0.0.0.0'
    }
  }
}

#disable-next-line use-recent-api-versions // the stable version, of 2016, is deprecated
resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: server
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'PostgreSQLLogs'
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

output id string = server.id

@description('No password in it: the app asks for a token.')
output connectionString string = 'Host=${server.properties.fullyQualifiedDomainName};Database=${database};Username=${identityName};SSL Mode=VerifyFull'
