using System.Text.Json;
using Chard.Domain.DeadLetters;
using Chard.Domain.Failures;
using Chard.Platform;
using Chard.Status;
using Microsoft.AspNetCore.Http;

namespace Chard.DeadLetters;

/// <summary>The documents that the HTTP API gives of dead letters (docs/http-api.md).</summary>
public static class DeadLetterDocuments
{
    /// <summary>The document of a dead letter.</summary>
    public static DeadLetterDocument Of(HttpRequest request, DeadLetter letter)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(letter);
        string host = $"{request.Scheme}://{request.Host}";
        return new(
            letter.Id, letter.Origin, letter.WorkflowId, letter.Workflow, letter.Task, letter.Path, letter.Class, letter.Kind,
            letter.Message,
            letter.Chain, letter.Attempts, letter.Args, letter.ArgsReference?.Bytes, letter.Parked, letter.State, letter.Stamps,
            letter.CreatedAt, letter.ResolvedAt, letter.Resolution?.By, letter.RetriedAs,
            new(
                $"{host}/api/dead-letters/{letter.Id}",
                letter.WorkflowId is { } id ? host + WorkflowDocuments.StatusPath(id) : null,
                letter.RetriedAs is { } anew ? host + WorkflowDocuments.StatusPath(anew) : null));
    }
}

/// <summary>A dead letter; times are UTC.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Origin">What kind of work it is.</param>
/// <param name="WorkflowId">The workflow; null for a message.</param>
/// <param name="Workflow">The workflow's name.</param>
/// <param name="Task">The task.</param>
/// <param name="Path">The task's position in the workflow.</param>
/// <param name="Class">Code of the failure.</param>
/// <param name="Kind">What the failure asked for.</param>
/// <param name="Message">What went wrong.</param>
/// <param name="Chain">The failure and what caused it.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Args">The arguments; null if they are too large to be shown.</param>
/// <param name="ArgsBytes">Bytes of arguments too large to be shown; else null.</param>
/// <param name="Parked">True if the workflow waits there.</param>
/// <param name="State">What became of it.</param>
/// <param name="Stamps">Labels.</param>
/// <param name="CreatedAt">When it failed for good.</param>
/// <param name="ResolvedAt">When it was resolved.</param>
/// <param name="ResolvedBy">By whom.</param>
/// <param name="RetriedAs">The workflow that runs the task anew.</param>
/// <param name="Links">Where to go on.</param>
public sealed record DeadLetterDocument(
    string Id,
    DeadLetterOrigin Origin,
    string? WorkflowId,
    string? Workflow,
    string? Task,
    string? Path,
    string Class,
    FailureKind Kind,
    string Message,
    IReadOnlyList<DeadLetterCause> Chain,
    int Attempts,
    JsonElement? Args,
    long? ArgsBytes,
    bool Parked,
    DeadLetterState State,
    IReadOnlyList<string> Stamps,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ResolvedAt,
    string? ResolvedBy,
    string? RetriedAs,
    DeadLetterLinks Links);

/// <summary>Where to go on from a dead letter.</summary>
/// <param name="Self">The dead letter.</param>
/// <param name="Workflow">Its workflow.</param>
/// <param name="RetriedAs">The workflow that runs the task anew.</param>
public sealed record DeadLetterLinks(string Self, string? Workflow, string? RetriedAs);

/// <summary>A page of dead letters.</summary>
/// <param name="DeadLetters">Newest first.</param>
/// <param name="Continuation">Parameter <c>continuation</c> of the next page; null at the end.</param>
public sealed record DeadLetterListDocument(IReadOnlyList<DeadLetterDocument> DeadLetters, string? Continuation);

/// <summary>What a bulk retry did.</summary>
/// <param name="Matched">Open dead letters that met the filter in this call.</param>
/// <param name="Retried">Those that are retried now.</param>
/// <param name="Refused">Those that were not, with the reason.</param>
/// <param name="Continuation">Member <c>continuation</c> of the next call; null when all are done.</param>
public sealed record BulkRetryDocument(int Matched, int Retried, IReadOnlyList<BulkRefusal> Refused, string? Continuation);

/// <summary>What a bulk skip, fail or discard did.</summary>
/// <param name="Matched">Open dead letters that met the filter in this call.</param>
/// <param name="Resolved">Those that are resolved now.</param>
/// <param name="Refused">Those that were not, with the reason.</param>
/// <param name="Continuation">Member <c>continuation</c> of the next call; null when all are done.</param>
public sealed record BulkResolveDocument(int Matched, int Resolved, IReadOnlyList<BulkRefusal> Refused, string? Continuation);
