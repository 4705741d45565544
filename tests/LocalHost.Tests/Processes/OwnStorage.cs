using Chard.LocalHost.Azurite;
using Chard.Tests.Support;

namespace Chard.LocalHost.Tests.Processes;

/// <summary>Development storage of a test's own: three free ports in a row, on which hosts find or start an Azurite.</summary>
internal sealed class OwnStorage : IDisposable
{
    public OwnStorage()
    {
        int port = FreePort.Next(inARow: 3);
        Endpoint = new AzuriteEndpoint(port, port + 1, port + 2);
    }

    public AzuriteEndpoint Endpoint { get; }

    /// <summary>What a host has to be told.</summary>
    public IReadOnlyList<(string Name, string Value)> Settings =>
        [("AzureWebJobsStorage", "UseDevelopmentStorage=true"), ("LOCALHOST_STORAGE_PORT", $"{Endpoint.BlobPort}")];

    /// <summary>Deletes what its hosts have left in the temporary folder.</summary>
    public void Dispose()
    {
        foreach (var left in Directory.GetFiles(Path.GetTempPath(), $"azurite-*-{string.Join('-', Endpoint.Ports)}.*"))
        {
            File.Delete(left);
        }
    }
}
