using System.Net;
using System.Net.Sockets;

namespace Chard.Tests.Support;

/// <summary>
/// Ports for processes that are told theirs. Below those that systems give away by themselves (from 32768 on Linux, 49152 elsewhere):
/// one of these might be somebody's connection by the time that the process listens.
/// </summary>
internal static class FreePort
{
    private const int First = 20_000;
    private const int Last = 32_000;

    private static int next = Random.Shared.Next(First, Last);

    /// <summary>
    /// A port that nobody listens on at this moment, and that this process was not given before; or the first of several in a row.
    /// </summary>
    public static int Next(int inARow = 1)
    {
        for (int tries = 0; tries < Last - First; tries++)
        {
            int port = First + ((Interlocked.Add(ref next, inARow) - inARow) % (Last - First));
            if (Enumerable.Range(port, inARow).All(IsFree))
            {
                return port;
            }
        }

        throw new InvalidOperationException($"No {inARow} ports in a row are free from {First} to {Last}.");
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var probe = new TcpListener(IPAddress.Loopback, port);
            probe.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
