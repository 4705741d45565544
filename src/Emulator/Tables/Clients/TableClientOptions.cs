using Azure.Core;

namespace Azure.Data.Tables;

/// <summary>How a client talks to the service: retries, transport, diagnostics, policies (of <see cref="ClientOptions"/>) and the version of the protocol.</summary>
public class TableClientOptions : ClientOptions
{
    public TableClientOptions(ServiceVersion serviceVersion = ServiceVersion.V2020_12_06)
    {
        Version = serviceVersion switch
        {
            ServiceVersion.V2019_02_02 => "2019-02-02",
            ServiceVersion.V2020_12_06 => "2020-12-06",
            _ => throw new ArgumentOutOfRangeException(nameof(serviceVersion), serviceVersion, "This version of the Table service is not known."),
        };
    }

    /// <summary>Versions of the protocol.</summary>
    public enum ServiceVersion
    {
        V2019_02_02 = 1,
        V2020_12_06 = 2,
    }

    /// <summary>The cloud to get tokens for; null means the public one.</summary>
    public TableAudience? Audience { get; set; }

    /// <summary>Lets the service's challenge name the tenant to get tokens from. Has a meaning with a token credential only.</summary>
    public bool EnableTenantDiscovery { get; set; }

    internal string Version { get; }

    /// <summary>Options whose logs and errors show what tells requests apart and holds no secret, as those of the real client.</summary>
    internal static TableClientOptions Standard()
    {
        var options = new TableClientOptions();
        foreach (var header in new[] { "x-ms-request-id", "x-ms-error-code", "DataServiceVersion" })
        {
            options.Diagnostics.LoggedHeaderNames.Add(header);
        }

        foreach (var parameter in new[] { "$format", "$filter", "$top", "$select", "timeout" })
        {
            options.Diagnostics.LoggedQueryParameters.Add(parameter);
        }

        return options;
    }
}
