namespace Azure.Data.Tables.Sas;

/// <summary>What a signature of an account allows on the resources of its <see cref="TableAccountSasResourceTypes"/>.</summary>
[Flags]
public enum TableAccountSasPermissions
{
    /// <summary>Read entities and properties.</summary>
    Read = 1,

    /// <summary>Create tables.</summary>
    Write = 2,

    /// <summary>Delete tables and entities.</summary>
    Delete = 4,

    /// <summary>List tables.</summary>
    List = 8,

    /// <summary>Add entities.</summary>
    Add = 16,

    /// <summary>Update entities.</summary>
    Update = 64,

    /// <summary>All of these.</summary>
    All = -1,
}
