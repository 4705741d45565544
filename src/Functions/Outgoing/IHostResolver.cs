using System.Net;

namespace Chard.Functions.Outgoing;

/// <summary>Finds the addresses of a host.</summary>
public interface IHostResolver
{
    /// <summary>All addresses, in the order in which to try them.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">There is no such host, or nobody answers.</exception>
    Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken);
}

/// <summary>Asks the machine's resolver.</summary>
public sealed class SystemHostResolver : IHostResolver
{
    /// <inheritdoc/>
    public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) =>
        Dns.GetHostAddressesAsync(host, cancellationToken);
}
