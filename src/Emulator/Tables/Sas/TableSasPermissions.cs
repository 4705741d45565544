namespace Azure.Data.Tables.Sas;

/// <summary>What a signature of one table allows.</summary>
[Flags]
public enum TableSasPermissions
{
    /// <summary>Get and query entities.</summary>
    Read = 1,

    /// <summary>Add entities. Upserts need <see cref="Update"/> as well.</summary>
    Add = 2,

    /// <summary>Update entities. Upserts need <see cref="Add"/> as well.</summary>
    Update = 4,

    /// <summary>Delete entities.</summary>
    Delete = 8,

    /// <summary>All of these.</summary>
    All = -1,
}
