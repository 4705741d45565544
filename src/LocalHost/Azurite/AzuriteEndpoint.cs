using System.Net;
using System.Net.Sockets;

namespace Chard.LocalHost.Azurite;

/// <summary>The three services of an Azurite.</summary>
public sealed record AzuriteEndpoint(int BlobPort, int QueuePort, int TablePort)
{
    /// <summary>The account that development storage means.</summary>
    public const string Account = "devstoreaccount1";

    /// <summary>The account key that every storage emulator has; published, so no secret.</summary>
    public const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    /// <summary>What <c>UseDevelopmentStorage=true</c> means.</summary>
    public static readonly AzuriteEndpoint WellKnown = new(10000, 10001, 10002);

    private static readonly HttpClient Probe = new() { Timeout = TimeSpan.FromSeconds(5) };

    internal IReadOnlyList<int> Ports => [BlobPort, QueuePort, TablePort];

    public string ConnectionString(string account) =>
        $"DefaultEndpointsProtocol=http;AccountName={account};AccountKey={Key};"
        + $"BlobEndpoint=http://127.0.0.1:{BlobPort}/{account};QueueEndpoint=http://127.0.0.1:{QueuePort}/{account};"
        + $"TableEndpoint=http://127.0.0.1:{TablePort}/{account};";

    public override string ToString() => string.Join(", ", Ports);

    /// <summary>Fills in free ports where none are given. Somebody else may take them before they are used.</summary>
    internal static AzuriteEndpoint Free(AzuriteOptions options)
    {
        var listeners = Enumerable.Range(0, 3).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        try
        {
            var ports = listeners.Select(listener =>
            {
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            }).ToArray();
            return new AzuriteEndpoint(
                options.BlobPort == 0 ? ports[0] : options.BlobPort,
                options.QueuePort == 0 ? ports[1] : options.QueuePort,
                options.TablePort == 0 ? ports[2] : options.TablePort);
        }
        finally
        {
            foreach (var listener in listeners)
            {
                listener.Dispose();
            }
        }
    }

    /// <summary>The ports on which something speaks HTTP.</summary>
    internal async Task<IReadOnlyList<int>> AnsweringAsync(CancellationToken cancellation)
    {
        var answers = await Task.WhenAll(Ports.Select(port => AnswersAsync(port, cancellation)));
        return [.. Ports.Where((_, index) => answers[index])];
    }

    private static async Task<bool> AnswersAsync(int port, CancellationToken cancellation)
    {
        try
        {
            using var response = await Probe.GetAsync(new Uri($"http://127.0.0.1:{port}/"), cancellation);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }
}
