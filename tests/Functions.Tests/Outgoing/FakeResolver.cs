using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Chard.Functions.Outgoing;

namespace Chard.Functions.Tests.Outgoing;

/// <summary>Gives the answers it was told, so that tests ask no real name server.</summary>
internal sealed class FakeResolver : IHostResolver
{
    private readonly ConcurrentDictionary<string, IPAddress[]> _hosts = new();
    private readonly ConcurrentQueue<(string Host, IPAddress Address)> _script = new();
    private int _asked;

    public int Asked => _asked;

    public IPAddress[] this[string host]
    {
        set => _hosts[host] = value;
    }

    /// <summary>Answers the next questions with one of these each.</summary>
    public void Next(string host, params IPAddress[] addresses)
    {
        foreach (IPAddress address in addresses)
        {
            _script.Enqueue((host, address));
        }
    }

    public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _asked);
        if (_script.TryDequeue(out (string Host, IPAddress Address) next))
        {
            Assert.Equal(next.Host, host);
            return Task.FromResult<IPAddress[]>([next.Address]);
        }

        return _hosts.TryGetValue(host, out IPAddress[]? addresses)
            ? Task.FromResult(addresses)
            : throw new SocketException((int)SocketError.HostNotFound);
    }
}
