using System.Text.Json;
using System.Text.Json.Serialization;
using Chard.Domain.Failures;
using Chard.Domain.Json;
using Chard.Domain.Payloads;

namespace Chard.Domain.Workflows;

/// <summary>What an orchestrator reports of its workflow. Null parts leave what the row has.</summary>
/// <param name="Id">The workflow's id.</param>
/// <param name="Status">Its status from now on.</param>
/// <param name="Progress">How far it is.</param>
/// <param name="Error">Why it failed.</param>
/// <param name="Result">What it gave; above 32 KiB it is moved to the payload store by itself.</param>
/// <param name="ResultReference">Where its result lies, if it is large and stored already.</param>
public sealed record WorkflowUpdate(
    string Id,
    WorkflowStatus Status,
    WorkflowProgress? Progress = null,
    WorkflowError? Error = null,
    [property: JsonConverter(typeof(ExactNumbers))] JsonElement? Result = null,
    PayloadReference? ResultReference = null);
