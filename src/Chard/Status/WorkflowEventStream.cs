using System.Globalization;
using System.Text;
using System.Text.Json;
using Chard.Domain.Workflows;
using Microsoft.AspNetCore.Http;

namespace Chard.Status;

/// <summary>
/// Streams a workflow's changes as server-sent events: <c>event: status</c> with the status document as data and the version as id, a
/// comment as heartbeat, and the end after a final status. It ends after <see cref="MaxDuration"/> too, which every EventSource
/// answers by connecting again with <c>Last-Event-ID</c>.
/// </summary>
public sealed class WorkflowEventStream(WorkflowView view, WorkflowState first, long? lastSeen, TimeProvider time) : IResult
{
    /// <summary>Time between heartbeats: 15 seconds.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <summary>Longest stream: 200 seconds, below the 230 that the front end of Azure allows a request.</summary>
    public static readonly TimeSpan MaxDuration = TimeSpan.FromSeconds(200);

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        CancellationToken gone = httpContext.RequestAborted;
        httpContext.Response.ContentType = "text/event-stream";
        httpContext.Response.Headers.CacheControl = "no-store";
        long began = time.GetTimestamp();
        WorkflowState state = first;
        if (lastSeen == state.Version)
        {
            await WriteAsync(httpContext, ": nothing new\n\n", gone);
        }
        else
        {
            await WriteAsync(httpContext, EventOf(httpContext.Request, state), gone);
        }

        while (!WorkflowTransitions.IsFinal(state.Status) && time.GetElapsedTime(began) < MaxDuration)
        {
            WorkflowState? next = await view.NextAsync(state, Heartbeat, gone);
            if (next is null)
            {
                return;
            }

            await WriteAsync(httpContext, next.Version == state.Version ? ": alive\n\n" : EventOf(httpContext.Request, next), gone);
            state = next;
        }
    }

    private static string EventOf(HttpRequest request, WorkflowState state) => string.Create(
        CultureInfo.InvariantCulture,
        $"id: {state.Version}\nevent: status\ndata: "
            + $"{JsonSerializer.Serialize(WorkflowDocuments.Status(request, state), JsonSerializerOptions.Web)}\n\n");

    private static async Task WriteAsync(HttpContext http, string text, CancellationToken gone)
    {
        await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), gone);
        await http.Response.Body.FlushAsync(gone);
    }
}
