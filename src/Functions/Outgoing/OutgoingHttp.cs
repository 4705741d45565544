using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Chard.Functions.Outgoing;

/// <summary>
/// The one client for URLs that callers give. A host is resolved once a connection, every address it has is checked, and the connection
/// goes to a checked address: an answer of DNS that changes in between cannot lead inside. Nothing is sent before the check. Follows no
/// redirects, keeps no cookies, uses no proxy (which would resolve names itself), hands no trace context out.
/// </summary>
public sealed class OutgoingHttp : IDisposable
{
    private readonly IHostResolver _resolver;
    private readonly HttpClient _client;

    /// <summary>Takes the settings.</summary>
    public OutgoingHttp(IOptions<OutgoingOptions> options, IHostResolver resolver)
    {
        ArgumentNullException.ThrowIfNull(options);
        Options = options.Value;
        Rules = Options.ToRules();
        _resolver = resolver;
        _client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.All,
            ConnectTimeout = TimeSpan.FromSeconds(Math.Min(10, Options.TimeoutSeconds)),
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
            ConnectCallback = ConnectAsync,
        })
        {
            // Each caller limits its own request; a limit here would cut long downloads.
            Timeout = Timeout.InfiniteTimeSpan,
            DefaultRequestHeaders = { { "User-Agent", "Chard/1.0" } },
        };
    }

    public OutgoingOptions Options { get; }

    /// <summary>Where requests may go.</summary>
    public OutgoingRules Rules { get; }

    /// <summary>Sends one request and gives the answer as soon as its headers are there.</summary>
    /// <exception cref="HttpRequestException">No answer came; the inner exception is a
    /// <see cref="Domain.Failures.PermanentTaskException"/> if the address was refused.</exception>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        (string host, int port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        IPAddress[] addresses = IPAddress.TryParse(host, out IPAddress? address)
            ? [address]
            : await _resolver.ResolveAsync(host, cancellationToken);

        // One internal address among public ones is no accident: the host is refused as a whole.
        foreach (IPAddress each in addresses)
        {
            if (Rules.Fault(host, port, each) is { } fault)
            {
                throw OutgoingRules.Refuse(fault);
            }
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
