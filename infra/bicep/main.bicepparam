// What azd takes (azure.yaml): dev.bicepparam, named after azd's environment.
using 'main.bicep'

param name = readEnvironmentVariable('AZURE_ENV_NAME')
param tags = {
  app: 'chard'
  'azd-env-name': readEnvironmentVariable('AZURE_ENV_NAME')
}

param instanceMemoryMB = 2048
param maximumInstanceCount = 40
param alwaysReady = {
  durable: 0
  http: 0
  slowTasks: 0
}

param operatorKey = readEnvironmentVariable('CHARD_OPERATOR_KEY')

param postgres = {
  sku: 'Standard_B1ms'
  tier: 'Burstable'
  version: '17'
  storageGB: 32
  backupDays: 7
  geoRedundantBackup: false
  highAvailability: 'Disabled'
}
param mail = {
  host: readEnvironmentVariable('CHARD_SMTP_HOST')
  port: 587
}

param storageSku = 'Standard_LRS'
param lockStorage = false

param alertEmails = split(readEnvironmentVariable('CHARD_ALERT_EMAILS'), ',')
param dailyCapGB = 1
