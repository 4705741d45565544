// What wakes people. Each rule has a page in docs/runbook that says what it means and what to do first.
import { tagsOf } from '../types.bicep'

param name string
param location string
param tags tagsOf
param workspaceId string
param insightsId string

@description('Tasks whose latency matters; none for all.')
param criticalTasks string[]

@description('Where docs/runbook is to be read, such as https://github.com/…/blob/main/docs/runbook.')
param runbooks string

@minLength(1)
param emails string[]

@description('Address of GET /api/health.')
param healthUrl string

@description('Regions of Application Insights that ask for it; an alert needs two of them to fail.')
param testedFrom string[]

var rules = [
  {
    name: 'queue-depth'
    title: 'A queue of Chard grows'
    query: loadTextContent('../queries/queue-depth.kql')
    splitBy: ['route']
    severity: 2
    every: 'PT5M'
    window: 'PT15M'
  }
  {
    name: 'task-latency'
    title: 'Tasks wait too long before they begin'
    query: replace(
      loadTextContent('../queries/task-latency.kql'),
      'dynamic([])',
      'dynamic(${string(criticalTasks)})'
    )
    splitBy: ['task']
    severity: 2
    every: 'PT5M'
    window: 'PT10M'
  }
  {
    name: 'task-duration'
    title: 'Tasks take twice as long as usual'
    query: loadTextContent('../queries/task-duration.kql')
    splitBy: ['task']
    severity: 3
    every: 'PT15M'
    window: 'P2D'
  }
  {
    name: 'task-failures'
    title: 'Tasks fail'
    query: loadTextContent('../queries/task-failures.kql')
    splitBy: ['task']
    severity: 1
    every: 'PT5M'
    window: 'PT15M'
  }
  {
    name: 'task-retries'
    title: 'Tasks are tried again more than usual'
    query: loadTextContent('../queries/task-retries.kql')
    splitBy: ['task']
    severity: 3
    every: 'PT15M'
    window: 'P2D'
  }
  {
    name: 'dead-letters'
    title: 'Dead letters have been written'
    query: loadTextContent('../queries/dead-letters.kql')
    splitBy: ['task']
    severity: 1
    every: 'PT5M'
    window: 'PT5M'
  }
  {
    name: 'telemetry-capped'
    title: 'Telemetry has reached its daily cap'
    query: loadTextContent('../queries/telemetry-capped.kql')
    splitBy: []
    severity: 2
    every: 'PT15M'
    window: 'PT15M'
  }
]

resource mail 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-${name}'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: take('chard-${name}', 12)
    enabled: true
    emailReceivers: [
      for (email, i) in emails: {
        name: 'mail-${i}'
        emailAddress: email
        useCommonAlertSchema: true
      }
    ]
  }
}

resource alerts 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = [
  for rule in rules: {
    name: 'alert-${name}-${rule.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: '${rule.title} (${name})'
      description: '${rule.title}. What to do: ${runbooks}/${rule.name}.md#first-action'
      enabled: true
      severity: rule.severity
      scopes: [workspaceId]
      evaluationFrequency: rule.every
      windowSize: rule.window
      autoMitigate: true
      skipQueryValidation: true // the tests of the repository parse them; a new workspace may not have the tables yet
      criteria: {
        allOf: [
          {
            query: rule.query
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
            dimensions: map(rule.splitBy, column => {
              name: column
              operator: 'Include'
              values: ['*']
            })
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      actions: {
        actionGroups: [mail.id]
        customProperties: {
          runbook: '${runbooks}/${rule.name}.md#first-action'
        }
      }
    }
  }
]

resource test 'Microsoft.Insights/webtests@2022-06-15' = {
  name: 'health-${name}'
  location: location
  tags: union(tags, { 'hidden-link:${insightsId}': 'Resource' })
  kind: 'standard'
  properties: {
    Name: 'health-${name}'
    SyntheticMonitorId: 'health-${name}'
    Kind: 'standard'
    Enabled: true
    Frequency: 300
    Timeout: 30
    RetryEnabled: true
    Locations: [
      for region in testedFrom: {
        Id: region
      }
    ]
    Request: {
      HttpVerb: 'GET'
      RequestUrl: healthUrl
      ParseDependentRequests: false
    }
    ValidationRules: {
      ExpectedHttpStatusCode: 200
      SSLCheck: true
      SSLCertRemainingLifetimeCheck: 7
    }
  }
}

resource away 'Microsoft.Insights/metricAlerts@2026-01-01' = {
  name: 'alert-${name}-availability'
  location: 'global'
  tags: tags
  properties: {
    description: 'GET /api/health fails from two places or more. What to do: ${runbooks}/availability.md#first-action'
    enabled: true
    severity: 1
    scopes: [
      test.id
      insightsId
    ]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria'
      webTestId: test.id
      componentId: insightsId
      failedLocationCount: 2
    }
    actions: [
      {
        actionGroupId: mail.id
        webHookProperties: {
          runbook: '${runbooks}/availability.md#first-action'
        }
      }
    ]
  }
}
