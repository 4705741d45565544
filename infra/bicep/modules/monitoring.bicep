// Where the app tells of itself. Only its identity may write there.
import { tagsOf } from '../types.bicep'

param workspaceName string
param insightsName string
param location string
param tags tagsOf

@description('Gigabytes a day after which nothing is taken in until the next one; -1 for no cap.')
param dailyCapGB int

@description('Days for which logs, spans and metrics are kept; 30 are in the price of taking them in.')
@minValue(30)
@maxValue(730)
param retentionDays int

resource workspace 'Microsoft.OperationalInsights/workspaces@2026-03-01' = {
  name: workspaceName
  location: location
  tags: tags
  properties: {
    sku: {
      name: 'PerGB2018'
    }
    retentionInDays: retentionDays
    features: {
      disableLocalAuth: true
    }
    workspaceCapping: {
      dailyQuotaGb: dailyCapGB
    }
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: insightsName
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    DisableLocalAuth: true
    IngestionMode: 'LogAnalytics'
    WorkspaceResourceId: workspace.id
  }
}

output insightsId string = insights.id
output connectionString string = insights.properties.ConnectionString
output workspaceId string = workspace.id
