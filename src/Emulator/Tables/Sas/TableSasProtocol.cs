namespace Azure.Data.Tables.Sas;

/// <summary>The protocols a signature may travel by.</summary>
public enum TableSasProtocol
{
    /// <summary>Not said: both.</summary>
    None = 0,

    /// <summary>Both.</summary>
    HttpsAndHttp = 1,

    /// <summary>HTTPS only.</summary>
    Https = 2,
}
