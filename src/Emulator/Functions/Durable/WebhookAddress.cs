using System.Runtime.CompilerServices;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.DurableTask.Client;

namespace Chard.Emulator.Functions.Durable;

/// <summary>Where a host serves the durable webhooks of a client, and what their URLs carry.</summary>
internal sealed class WebhookAddress(Func<Uri> host, string hub, string? key)
{
    public const string Path = "/runtime/webhooks/durabletask";

    // A client is the packages' type and has no room for this.
    private static readonly ConditionalWeakTable<DurableTaskClient, WebhookAddress> Known = new();

    public static void Attach(DurableTaskClient client, WebhookAddress address) => Known.AddOrUpdate(client, address);

    /// <summary>The URLs of an instance, under the address the request came to, or the host's own. InvalidOperationException for a client of no host without a request.</summary>
    public static HttpManagementPayload Payload(DurableTaskClient client, string instanceId, HttpRequestData? request)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        var known = Known.TryGetValue(client, out var address);
        var root = request is not null ? Authority(request) : known ? address!.Host : null;
        return root is null
            ? throw new InvalidOperationException("The address of the durable webhooks is not known: give the request, or take the client from a host.")
            : Payload(root, instanceId, known ? address!.Query : string.Empty);
    }

    public static HttpManagementPayload Payload(string root, string instanceId, string query)
    {
        var instance = $"{root}{Path}/instances/{Uri.EscapeDataString(instanceId)}";
        var plain = query.Length == 0 ? string.Empty : $"?{query}";
        // The braces are doubled in what the real extension sends, too.
        var reason = "?reason={{text}}" + (query.Length == 0 ? string.Empty : $"&{query}");
        return new HttpManagementPayload
        {
            Id = instanceId,
            StatusQueryGetUri = instance + plain,
            PurgeHistoryDeleteUri = instance + plain,
            SendEventPostUri = $"{instance}/raiseEvent/{{eventName}}{plain}",
            TerminatePostUri = $"{instance}/terminate{reason}",
            SuspendPostUri = $"{instance}/suspend{reason}",
            ResumePostUri = $"{instance}/resume{reason}",
        };
    }

    private string Host => host().GetLeftPart(UriPartial.Authority);

    /// <summary>What every URL carries: hub, connection, and the key where keys are asked for.</summary>
    public string Query => $"taskHub={Uri.EscapeDataString(hub)}&connection=Storage" + (key is null ? string.Empty : $"&code={Uri.EscapeDataString(key)}");

    /// <summary>Behind a proxy, the address the caller used.</summary>
    private static string Authority(HttpRequestData request)
    {
        var scheme = First(request, "X-Forwarded-Proto");
        var host = First(request, "X-Forwarded-Host");
        return scheme is null && host is null
            ? request.Url.GetLeftPart(UriPartial.Authority)
            : $"{scheme ?? request.Url.Scheme}://{host ?? request.Url.Authority}";
    }

    private static string? First(HttpRequestData request, string header) =>
        request.Headers.TryGetValues(header, out var values) ? values.First().Split(',')[0].Trim() : null;
}
