using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Chard.Functions.Tests.Servers;

/// <summary>One call that a receiver got.</summary>
/// <param name="Id">Header <c>webhook-id</c>.</param>
/// <param name="Body">The body's text.</param>
/// <param name="Headers">All headers.</param>
/// <param name="SignatureHolds">True if a signature is that of id, timestamp and body under the receiver's key.</param>
public sealed record ReceivedCall(string Id, string Body, IReadOnlyDictionary<string, string> Headers, bool SignatureHolds);

/// <summary>
/// A receiver of webhooks that does what Standard Webhooks asks of one: checks the signature, and takes an id's first call only. The path
/// <c>/redirect?to=…</c> redirects, <c>/long</c> answers more than anyone reads, <c>/hang</c> not at all.
/// </summary>
public sealed class WebhookReceiver(string address = "127.0.0.1") : LocalServer(address)
{
    /// <summary>The secret whose signatures hold here.</summary>
    public const string Secret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    private static readonly byte[] Key = Convert.FromBase64String(Secret["whsec_".Length..]);
    private readonly ConcurrentQueue<(int Status, string? RetryAfter)> _script = new();

    /// <summary>All calls, in order, repetitions included.</summary>
    public ConcurrentQueue<ReceivedCall> Calls { get; } = new();

    /// <summary>Events taken: how often each id was acted on. Never over 1 here; its count is what happened.</summary>
    public ConcurrentDictionary<string, int> Events { get; } = new();

    /// <summary>What a call is answered with if all is well.</summary>
    public string Answer { get; set; } = """{"ok":true}""";

    /// <summary>Answers the next calls with this status instead of acting on them.</summary>
    public WebhookReceiver Next(int status, string? retryAfter = null)
    {
        _script.Enqueue((status, retryAfter));
        return this;
    }

    /// <summary>Acts on the next call, and still answers it with this status.</summary>
    public int? StatusAfterActing { get; set; }

    /// <inheritdoc/>
    protected override async Task HandleAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        string body = await reader.ReadToEndAsync(context.RequestAborted);
        var call = new ReceivedCall(
            context.Request.Headers["webhook-id"].ToString(),
            body,
            context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            Holds(context.Request.Headers, body));
        Calls.Enqueue(call);
        if (_script.TryDequeue(out (int Status, string? RetryAfter) next))
        {
            context.Response.StatusCode = next.Status;
            if (next.RetryAfter is not null)
            {
                context.Response.Headers.RetryAfter = next.RetryAfter;
            }

            return;
        }

        switch (context.Request.Path.Value)
        {
            case "/redirect":
                context.Response.StatusCode = 307;
                context.Response.Headers.Location = context.Request.Query["to"].ToString();
                return;
            case "/hang":
                await HangAsync(context);
                return;
            case "/long":
                await context.Response.WriteAsync(new string('x', 100_000));
                return;
        }

        if (!call.SignatureHolds)
        {
            context.Response.StatusCode = 401;
            return;
        }

        Events.TryAdd(call.Id, 1);
        if (StatusAfterActing is { } status)
        {
            StatusAfterActing = null;
            context.Response.StatusCode = status;
            return;
        }

        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(Answer);
    }

    private static bool Holds(IHeaderDictionary headers, string body)
    {
        byte[] signed = Encoding.UTF8.GetBytes($"{headers["webhook-id"]}.{headers["webhook-timestamp"]}.{body}");
        string expected = "v1," + Convert.ToBase64String(HMACSHA256.HashData(Key, signed));
        return headers["webhook-signature"].ToString().Split(' ').Contains(expected);
    }
}
