namespace Azure.Data.Tables;

/// <summary>What every stored entity has: the two keys that name it, and the time and tag of its last write, which the service sets.</summary>
public interface ITableEntity
{
    /// <summary>The partition: up to 1 KiB, without <c>/ \ # ?</c> and control characters. Entities of one partition can be written in one transaction.</summary>
    string PartitionKey { get; set; }

    /// <summary>The name within the partition; same limits as the partition key.</summary>
    string RowKey { get; set; }

    /// <summary>When the service last wrote the entity. Ignored on writes.</summary>
    DateTimeOffset? Timestamp { get; set; }

    /// <summary>The version of the entity for conditional writes. Ignored as a property of the entity on writes.</summary>
    ETag ETag { get; set; }
}
