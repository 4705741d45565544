using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Chard.Emulator.Testing;

/// <summary>
/// The way of the app's storage calls to the network: it records them, and makes those fail that a test picks. A <see cref="FunctionsTestHost"/> registers
/// it as the service <see cref="HttpPipelineTransport"/>; an app whose clients take that service, where there is one, into their options goes through it.
/// The host's own queue listeners do not.
/// </summary>
/// <remarks>The client's retries stand before the transport, so each try is a call of its own.</remarks>
public sealed class StorageTransport : HttpPipelineTransport, IDisposable
{
    private readonly HttpClientTransport inner = new();
    private readonly ConcurrentQueue<StorageCall> calls = new();
    private readonly Lock gate = new();
    private readonly List<Rule> rules = [];
    private long number;

    /// <summary>The calls since the start or the last <see cref="Clear"/>, in the order they began.</summary>
    public IReadOnlyList<StorageCall> Calls => [.. calls];

    /// <summary>How many of the calls meet the condition; without one, all.</summary>
    public int Count(Func<StorageCall, bool>? match = null) => match is null ? calls.Count : calls.Count(match);

    /// <summary>Forgets the calls. Numbers go on.</summary>
    public void Clear() => calls.Clear();

    /// <summary>Plays a fault on the next calls that meet the condition. Rules are asked in the order they were made.</summary>
    /// <param name="match">Which calls.</param>
    /// <param name="fault">What happens to them.</param>
    /// <param name="times">How many of them.</param>
    /// <param name="skip">How many go through before.</param>
    public void Fail(Func<StorageCall, bool> match, StorageFault fault, int times = 1, int skip = 0)
    {
        ArgumentNullException.ThrowIfNull(match);
        ArgumentNullException.ThrowIfNull(fault);
        ArgumentOutOfRangeException.ThrowIfLessThan(times, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(skip, 0);
        lock (gate)
        {
            rules.Add(new Rule(match, fault) { Left = times, Skip = skip });
        }
    }

    /// <summary>Takes back all faults that have not been played.</summary>
    public void Heal()
    {
        lock (gate)
        {
            rules.Clear();
        }
    }

    public override Request CreateRequest() => inner.CreateRequest();

    public override void Process(HttpMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var (call, fault) = Begin(message);
        if (fault is null or { IsApplied: true })
        {
            inner.Process(message);
        }

        End(message, call, fault);
    }

    public override async ValueTask ProcessAsync(HttpMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var (call, fault) = Begin(message);
        if (fault is null or { IsApplied: true })
        {
            await inner.ProcessAsync(message);
        }

        End(message, call, fault);
    }

    public void Dispose() => inner.Dispose();

    private static void End(HttpMessage message, StorageCall call, StorageFault? fault)
    {
        if (fault is null)
        {
            call.Status = message.Response.Status;
            return;
        }

        call.IsFaulted = true;
        if (message.HasResponse)
        {
            message.Response.Dispose();
        }

        if (fault.Status is not { } status)
        {
            // What the client's transport throws for a broken connection; its retries take it up.
            throw new RequestFailedException(0, $"The test broke the connection of {call}.", new IOException("Connection reset by the test."));
        }

        call.Status = status;
        message.Response = FaultResponse.Create(message.Request, call.Service, status, fault.Code);
    }

    private (StorageCall Call, StorageFault? Fault) Begin(HttpMessage message)
    {
        var uri = message.Request.Uri.ToUri();
        var call = new StorageCall(Interlocked.Increment(ref number), ServiceOf(message.Request, uri), message.Request.Method.Method, Public(uri))
        {
            Path = PathOf(uri),
            IsConditional = IsConditional(message.Request, uri),
        };
        calls.Enqueue(call);
        lock (gate)
        {
            foreach (var rule in rules)
            {
                if (!rule.Match(call))
                {
                    continue;
                }

                if (rule.Skip > 0)
                {
                    rule.Skip--;
                    continue;
                }

                if (--rule.Left == 0)
                {
                    rules.Remove(rule);
                }

                return (call, rule.Fault);
            }
        }

        return (call, null);
    }

    /// <summary>Real accounts tell it by their host's name, an emulator by what only one service's requests have.</summary>
    private static StorageService ServiceOf(Request request, Uri uri)
    {
        foreach (var service in (StorageService[])[StorageService.Blob, StorageService.Queue, StorageService.Table])
        {
            if (uri.Host.Contains($".{service}.", StringComparison.OrdinalIgnoreCase))
            {
                return service;
            }
        }

        if (request.Headers.Contains("DataServiceVersion") || (request.Headers.TryGetValue("Accept", out var accept) && accept.Contains("odata", StringComparison.Ordinal)))
        {
            return StorageService.Table;
        }

        return request.Headers.TryGetValue("User-Agent", out var agent) && TryService(agent, out var named) ? named : StorageService.Other;
    }

    private static bool TryService(string agent, [NotNullWhen(true)] out StorageService service)
    {
        service = agent switch
        {
            _ when agent.Contains("Storage.Blobs", StringComparison.Ordinal) => StorageService.Blob,
            _ when agent.Contains("Storage.Queues", StringComparison.Ordinal) => StorageService.Queue,
            _ when agent.Contains("Data.Tables", StringComparison.Ordinal) => StorageService.Table,
            _ => StorageService.Other,
        };
        return service != StorageService.Other;
    }

    private static bool IsConditional(Request request, Uri uri)
    {
        if (request.Headers.TryGetValue("If-Match", out var tag))
        {
            return tag != "*";
        }

        if (request.Content is not { } content || !uri.AbsolutePath.EndsWith("/$batch", StringComparison.Ordinal))
        {
            return false;
        }

        using var buffer = new MemoryStream();
        content.WriteTo(buffer, CancellationToken.None);
        return buffer.GetBuffer().AsSpan(0, (int)buffer.Length).IndexOf("If-Match: W/"u8) >= 0;
    }

    private static string PathOf(Uri uri)
    {
        var path = Uri.UnescapeDataString(uri.AbsolutePath).TrimStart('/');
        var account = $"{Azurite.AzuriteEndpoint.Account}/";
        return path.StartsWith(account, StringComparison.Ordinal) ? path[account.Length..] : path;
    }

    private static Uri Public(Uri uri) => uri.Query.Contains("sig=", StringComparison.Ordinal) ? new Uri(uri.GetLeftPart(UriPartial.Path)) : uri;

    private sealed class Rule(Func<StorageCall, bool> match, StorageFault fault)
    {
        public Func<StorageCall, bool> Match { get; } = match;

        public StorageFault Fault { get; } = fault;

        public int Left { get; set; }

        public int Skip { get; set; }
    }
}
