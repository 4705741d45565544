using System.Net;
using Azure;
using Chard.Domain.Failures;

namespace Chard.Running;

/// <summary>
/// Failures of Azure services: by status, with the service's error code; no status means that the service was not reached.
/// </summary>
internal sealed class AzureFailureRule : IFailureRule
{
    public TaskFailure? Classify(Exception exception, FailureContext context)
    {
        if (exception is not RequestFailedException failed)
        {
            return null;
        }

        string? header = failed.GetRawResponse() is { } response && response.Headers.TryGetValue("Retry-After", out string? value)
            ? value
            : null;
        string message = failed.Message.Split('\n')[0].TrimEnd();
        TaskFailure byStatus = failed.Status == 0
            ? new(FailureKind.Transient, "azure-unreachable", message)
            : HttpFailures.Classify((HttpStatusCode)failed.Status, RetryAfter.Parse(header, context.Now), message);
        return failed.ErrorCode is { Length: > 0 } code ? byStatus with { Code = "azure-" + code } : byStatus;
    }
}
