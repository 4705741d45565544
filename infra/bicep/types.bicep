// What parameters may be; main.bicep and the modules share them.

@description('Tags of a resource.')
@export()
type tagsOf = {
  *: string
}

@description('Secrets by name; an empty value is none.')
@export()
@secure()
type secretsOf = {
  *: string
}

@description('Instances that are kept warm and paid by the hour, for each group that scales by itself; 0 lets a group start when it is needed.')
@export()
@sealed()
type alwaysReadyOf = {
  @description('Orchestrations, activities and entities. One keeps parked and waiting work from waiting for a start as well.')
  @minValue(0)
  @maxValue(100)
  durable: int

  @description('The HTTP API.')
  @minValue(0)
  @maxValue(100)
  http: int

  @description('Slow tasks: function RunSlowTask, which has instances of its own.')
  @minValue(0)
  @maxValue(100)
  slowTasks: int
}

@description('Days after which what has ended is deleted.')
@export()
@sealed()
type retentionOf = {
  @description('Workflows that completed, were cancelled or expired.')
  @minValue(1)
  @maxValue(3650)
  endedDays: int

  @description('Workflows that failed.')
  @minValue(1)
  @maxValue(3650)
  failedDays: int

  @description('Dead letters that somebody has decided about.')
  @minValue(1)
  @maxValue(3650)
  lettersDays: int

  @description('Files that were uploaded.')
  @minValue(1)
  @maxValue(3650)
  uploadsDays: int
}

@description('The mail server of newsletters; a folder, as on a laptop, is refused on Azure.')
@export()
@sealed()
type mailOf = {
  @minLength(1)
  host: string

  @minValue(1)
  @maxValue(65535)
  port: int

  @description('Name to log in with; the password is a parameter of its own.')
  userName: string?
}

@description('PostgreSQL for imports, which only Entra identities may enter.')
@export()
@sealed()
type postgresOf = {
  @description('Such as Standard_B1ms, Standard_D2ds_v5.')
  sku: string

  tier: 'Burstable' | 'GeneralPurpose' | 'MemoryOptimized'

  @description('Major version.')
  version: '16' | '17' | '18'

  @minValue(32)
  storageGB: int

  @description('Days that a restore may go back.')
  @minValue(7)
  @maxValue(35)
  backupDays: int

  @description('True keeps the backups in the paired region too.')
  geoRedundantBackup: bool

  @description('A standby in another zone, or none.')
  highAvailability: 'ZoneRedundant' | 'SameZone' | 'Disabled'

  @description('Another Entra administrator, such as a group of people.')
  administrator: {
    objectId: string
    name: string
    type: 'Group' | 'User' | 'ServicePrincipal'
  }?
}

@description('A virtual network: storage, secrets and PostgreSQL answer only within it.')
@export()
@sealed()
type networkOf = {
  @description('Such as 10.20.0.0/16.')
  addressPrefix: string

  @description('Delegated to the app; Flex Consumption wants at least a /27, and needs an address for each instance.')
  appSubnetPrefix: string

  @description('Of the private endpoints; a /27 is plenty.')
  endpointSubnetPrefix: string
}

@description('Sign-in by Microsoft Entra ID. docs/deploy.md tells how the application is registered.')
@export()
@sealed()
type entraOf = {
  @description('Client id of the application that has the roles Reader, Starter and Operator.')
  clientId: string

  @description('True (as a rule) refuses whoever brings no token, before the app sees the request. False lets function keys in too: the app then refuses.')
  tokensOnly: bool
}
