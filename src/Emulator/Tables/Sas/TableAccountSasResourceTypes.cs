namespace Azure.Data.Tables.Sas;

/// <summary>The resources that a signature of an account is good for.</summary>
[Flags]
public enum TableAccountSasResourceTypes
{
    /// <summary>The service: its properties, the list of its tables.</summary>
    Service = 1,

    /// <summary>The tables.</summary>
    Container = 2,

    /// <summary>The entities.</summary>
    Object = 4,

    /// <summary>All of these.</summary>
    All = -1,
}
