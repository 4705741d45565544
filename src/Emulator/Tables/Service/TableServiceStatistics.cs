namespace Azure.Data.Tables.Models;

/// <summary>How far the copy in the other region is.</summary>
public class TableServiceStatistics
{
    internal TableServiceStatistics(TableGeoReplicationInfo geoReplication) => GeoReplication = geoReplication;

    public TableGeoReplicationInfo GeoReplication { get; }
}

/// <summary>The state of the copy in the other region.</summary>
public class TableGeoReplicationInfo
{
    internal TableGeoReplicationInfo(TableGeoReplicationStatus status, DateTimeOffset lastSyncedOn)
        => (Status, LastSyncedOn) = (status, lastSyncedOn);

    public TableGeoReplicationStatus Status { get; }

    /// <summary>All writes before this time are in the copy.</summary>
    public DateTimeOffset LastSyncedOn { get; }
}
