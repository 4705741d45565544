using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Starts a function for each message of a storage queue. The name may hold <c>%SETTING%</c>.</summary>
public sealed class QueueTriggerAttribute(string queueName) : TriggerBindingAttribute
{
    public string QueueName { get; } = queueName;

    /// <summary>The setting that holds the connection; AzureWebJobsStorage by default.</summary>
    public string? Connection { get; set; }
}

/// <summary>Sends a function's result, or a property of it, to a storage queue.</summary>
public sealed class QueueOutputAttribute(string queueName) : OutputBindingAttribute
{
    public string QueueName { get; } = queueName;

    /// <summary>The setting that holds the connection; AzureWebJobsStorage by default.</summary>
    public string? Connection { get; set; }
}
