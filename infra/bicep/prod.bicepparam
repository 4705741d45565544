// To live on: kept warm, over three zones, reachable by the app alone, with a lock, a budget and sign-in by Entra.
using 'main.bicep'

param name = readEnvironmentVariable('CHARD_NAME', 'chard')
param tags = {
  app: 'chard'
  stage: 'prod'
}

param instanceMemoryMB = 2048
param maximumInstanceCount = 200
param zoneRedundant = true
param alwaysReady = {
  durable: 2
  http: 2
  slowTasks: 0
}

param operatorKey = readEnvironmentVariable('CHARD_OPERATOR_KEY')
param starterKey = readEnvironmentVariable('CHARD_STARTER_KEY', '')
param readerKey = readEnvironmentVariable('CHARD_READER_KEY', '')
param entra = {
  clientId: readEnvironmentVariable('CHARD_ENTRA_CLIENT_ID')
  tokensOnly: true
}

param postgres = {
  sku: 'Standard_D2ds_v5'
  tier: 'GeneralPurpose'
  version: '17'
  storageGB: 128
  backupDays: 14
  geoRedundantBackup: true
  highAvailability: 'ZoneRedundant'
}
param mail = {
  host: readEnvironmentVariable('CHARD_SMTP_HOST')
  port: 587
  userName: readEnvironmentVariable('CHARD_SMTP_USER')
}
param mailPassword = readEnvironmentVariable('CHARD_SMTP_PASSWORD')

param network = {
  addressPrefix: '10.20.0.0/16'
  appSubnetPrefix: '10.20.0.0/24'
  endpointSubnetPrefix: '10.20.1.0/27'
}

param storageSku = 'Standard_GZRS'
param lockStorage = true

param alertEmails = split(readEnvironmentVariable('CHARD_ALERT_EMAILS'), ',')
param runbooks = readEnvironmentVariable('CHARD_RUNBOOKS', 'docs/runbook')
param dailyCapGB = 10
param logRetentionDays = 90
param monthlyBudget = 500
param budgetStart = readEnvironmentVariable('CHARD_BUDGET_START')
