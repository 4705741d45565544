namespace Chard.Testing;

/// <summary>Which service of an account a call went to.</summary>
public enum StorageService
{
    Blob,
    Queue,
    Table,
}
