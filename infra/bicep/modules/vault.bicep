// The secrets that the app needs: keys of its own roles, and of what it talks to. The app's settings only refer to them.
import { tagsOf, secretsOf } from '../types.bicep'

param name string
param location string
param tags tagsOf
param publicNetwork bool

@description('True keeps deleted secrets from being purged before their 90 days are over. Cannot be taken back.')
param purgeProtection bool

@description('Secrets by name; an empty value is none.')
param secrets secretsOf

@description('Names of all secrets that may be given.')
param secretNames string[]

param workspaceId string

resource vault 'Microsoft.KeyVault/vaults@2026-05-15' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: subscription().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enablePurgeProtection: purgeProtection ? true : null // false is refused where it was true
    publicNetworkAccess: publicNetwork ? 'Enabled' : 'Disabled'
    networkAcls: {
      bypass: 'None'
      defaultAction: publicNetwork ? 'Allow' : 'Deny'
    }
  }

  resource values 'secrets' = [
    for secret in secretNames: if (!empty(secrets[secret])) {
      name: secret
      properties: {
        value: secrets[secret]
        contentType: 'text/plain'
      }
    }
  ]
}

#disable-next-line use-recent-api-versions // the stable version, of 2016, is deprecated
resource audit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: vault
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'AuditEvent'
        enabled: true
      }
    ]
  }
}

output id string = vault.id
