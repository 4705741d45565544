// To try it: one small instance at a time, nothing kept warm, no lock, no network. main.bicep describes what else may be said.
using 'main.bicep'

param name = readEnvironmentVariable('CHARD_NAME', 'chard-azure-name-dev')
param hub = 'ChardHub'
param tags = {
  app: 'chard-azure-name'
  stage: 'dev'
}

param instanceMemoryMB = 2048
param maximumInstanceCount = 40
param alwaysReady = {
  durable: 0
  http: 0
  slowTasks: 0
}

param operatorKey = readEnvironmentVariable('CHARD_OPERATOR_KEY')
param imports = false

param storageSku = 'Standard_LRS'
param lockStorage = false

param alertEmails = split(readEnvironmentVariable('CHARD_ALERT_EMAILS'), ',')
param dailyCapGB = 1
