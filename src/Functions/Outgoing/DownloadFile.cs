using System.ComponentModel;
using Chard.Domain.Payloads;
using Chard.Domain.Tasks;

namespace Chard.Functions.Outgoing;

/// <summary>Stores the file of a URL as a payload of the workflow, streamed. A repetition replaces what it stored.</summary>
[Description("Stores the file of a URL as a payload.")]
[TaskPolicy(TimeLimitSeconds = 3600)]
public sealed class DownloadFile(IFileDownloads downloads) : ITask<DownloadFileArgs, PayloadReference>
{
    /// <inheritdoc/>
    public Task<PayloadReference> RunAsync(DownloadFileArgs args, TaskContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(context);
        return context.Payloads.WriteAsync(
            context.WorkflowId,
            $"downloads/{context.Path.Replace('~', '/')}",
            (stream, token) => downloads.CopyToAsync(args.Url, stream, token),
            cancellationToken);
    }
}

/// <summary>What to fetch.</summary>
/// <param name="Url">An https URL; where it may lead is the operator's to say (<see cref="OutgoingRules"/>).</param>
public sealed record DownloadFileArgs(string Url);
