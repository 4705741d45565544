using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Chard.Functions.Tests.Servers;

/// <summary>A message that the mail server took.</summary>
/// <param name="From">Envelope sender.</param>
/// <param name="To">Envelope recipient.</param>
/// <param name="MessageId">Header <c>Message-ID</c>.</param>
/// <param name="Raw">The message as it came, without the dots that the protocol adds.</param>
public sealed record ReceivedMail(string From, string To, string MessageId, string Raw);

/// <summary>A small mail server without TLS on a free port of this machine.</summary>
public sealed partial class SmtpServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Task, byte> _sessions = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<string>> _replies = new(StringComparer.OrdinalIgnoreCase);
    private readonly Task _accepting;
    private int _dropAfterData;

    /// <summary>Starts to listen.</summary>
    public SmtpServer()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>The port.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What connections are greeted with.</summary>
    public string Greeting { get; set; } = "220 mail.example ready";

    /// <summary>All messages taken, repetitions included.</summary>
    public ConcurrentQueue<ReceivedMail> Messages { get; } = new();

    /// <summary>All commands heard.</summary>
    public ConcurrentQueue<string> Commands { get; } = new();

    /// <summary>Messages by <c>Message-ID</c>: how often each was taken.</summary>
    public IReadOnlyDictionary<string, int> CountById => Messages.GroupBy(m => m.MessageId).ToDictionary(g => g.Key, g => g.Count());

    /// <summary>Answers the next <c>RCPT TO</c> of that address with these lines, one a time, instead of taking it.</summary>
    public SmtpServer Next(string address, params string[] replies)
    {
        ConcurrentQueue<string> queue = _replies.GetOrAdd(address, _ => new());
        foreach (string reply in replies)
        {
            queue.Enqueue(reply);
        }

        return this;
    }

    /// <summary>Takes the next message and breaks the connection instead of saying so.</summary>
    public SmtpServer DropAfterNextMessage()
    {
        Interlocked.Increment(ref _dropAfterData);
        return this;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await Task.WhenAll([_accepting, .. _sessions.Keys]);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Task session = TalkAsync(client);
                _sessions.TryAdd(session, 0);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The server is being stopped.
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        using TcpClient owned = client;
        try
        {
            await using NetworkStream stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.Latin1);
            await SayAsync(stream, Greeting);
            string from = "", to = "";
            while (await reader.ReadLineAsync(_stop.Token) is { } line)
            {
                Commands.Enqueue(line);
                string verb = line.Split(' ', ':')[0].ToUpperInvariant();
                switch (verb)
                {
                    case "EHLO" or "HELO":
                        await SayAsync(stream, "250 mail.example");
                        break;
                    case "MAIL":
                        from = AddressIn(line);
                        await SayAsync(stream, "250 ok");
                        break;
                    case "RCPT":
                        to = AddressIn(line);
                        await SayAsync(
                            stream, _replies.TryGetValue(to, out ConcurrentQueue<string>? replies) && replies.TryDequeue(out string? reply)
                                ? reply : "250 ok");
                        break;
                    case "DATA":
                        await SayAsync(stream, "354 go on");
                        if (await ReadMessageAsync(reader) is not { } message)
                        {
                            return; // the client went away in the middle of it
                        }

                        Take(from, to, message);
                        if (Interlocked.Decrement(ref _dropAfterData) >= 0)
                        {
                            client.Client.Close(0);
                            return;
                        }

                        Interlocked.Exchange(ref _dropAfterData, 0);
                        await SayAsync(stream, "250 taken");
                        break;
                    case "QUIT":
                        await SayAsync(stream, "221 bye");
                        return;
                    default:
                        await SayAsync(stream, verb == "RSET" ? "250 ok" : "502 not here");
                        break;
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The client went away, or the server is being stopped.
        }
    }

    /// <summary>A message up to the dot that ends it; null if that does not come.</summary>
    private async Task<string?> ReadMessageAsync(StreamReader reader)
    {
        var message = new StringBuilder();
        while (await reader.ReadLineAsync(_stop.Token) is { } line)
        {
            if (line == ".")
            {
                return message.ToString();
            }

            message.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
        }

        return null;
    }

    private void Take(string from, string to, string raw) =>
        Messages.Enqueue(new(from, to, MessageIdPattern().Match(raw).Groups[1].Value, raw));

    private static string AddressIn(string line) =>
        line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.IndexOf('>', StringComparison.Ordinal)];

    private static async Task SayAsync(NetworkStream stream, string line) =>
        await stream.WriteAsync(Encoding.Latin1.GetBytes(line + "\r\n"));

    [GeneratedRegex(@"^Message-ID: (\S+)", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex MessageIdPattern();
}
