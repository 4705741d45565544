namespace Chard.Testing;

/// <summary>Which service of an account a call went to.</summary>
public enum StorageService
{
    /// <summary>Containers and blobs.</summary>
    Blob,

    /// <summary>Queues and their messages.</summary>
    Queue,

    /// <summary>Tables and their entities.</summary>
    Table,
}
