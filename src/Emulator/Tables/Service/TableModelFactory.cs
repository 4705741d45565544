namespace Azure.Data.Tables.Models;

/// <summary>Makes the results that only the service makes, for mocks.</summary>
public static class TableModelFactory
{
    /// <summary>A table as the service lists it; of the arguments only the name is kept, as in the real package.</summary>
    public static TableItem TableItem(string name = null, string odataType = null, string odataId = null, string odataEditLink = null) => new(name);

    public static TableServiceStatistics TableServiceStatistics(TableGeoReplicationInfo geoReplication = null) => new(geoReplication);

    public static TableGeoReplicationInfo TableGeoReplicationInfo(TableGeoReplicationStatus status = default, DateTimeOffset lastSyncedOn = default) => new(status, lastSyncedOn);
}
