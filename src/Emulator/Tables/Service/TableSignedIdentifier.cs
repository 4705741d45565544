namespace Azure.Data.Tables.Models;

/// <summary>A stored access policy of a table, which signatures can name. A table has at most five.</summary>
public class TableSignedIdentifier(string id, TableAccessPolicy accessPolicy)
{
    /// <summary>At most 64 characters.</summary>
    public string Id { get; set; } = id;

    public TableAccessPolicy AccessPolicy { get; set; } = accessPolicy;
}
