namespace Azure.Data.Tables.Models;

/// <summary>The terms of a stored access policy.</summary>
public class TableAccessPolicy(DateTimeOffset? startsOn, DateTimeOffset? expiresOn, string permission)
{
    public DateTimeOffset? StartsOn { get; set; } = startsOn;

    public DateTimeOffset? ExpiresOn { get; set; } = expiresOn;

    /// <summary>Letters of <c>raud</c>.</summary>
    public string Permission { get; set; } = permission;
}
