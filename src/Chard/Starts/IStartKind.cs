using System.Text.Json;
using Chard.Domain.Json;

namespace Chard.Starts;

/// <summary>
/// One form of start: by workflow name, one task, a canvas. Registered with <c>services.AddStartKind&lt;T&gt;()</c>. A start document
/// has the member of exactly one kind.
/// </summary>
public interface IStartKind
{
    /// <summary>The member that tells this kind: <c>workflow</c>, <c>task</c>, …</summary>
    string Member { get; }

    /// <summary>Further members that a start of this kind may have, such as <c>args</c>.</summary>
    IReadOnlyList<string> Options { get; }

    /// <summary>
    /// Checks what is to be started, whole, before anything happens. Adds every fault to <paramref name="faults"/>; gives null only
    /// if there is one.
    /// </summary>
    /// <param name="form">An object that has <see cref="Member"/> and at most <see cref="Options"/> beside it.</param>
    /// <param name="stamps">Labels of the workflow, which everything in it inherits.</param>
    /// <param name="faults">Takes the faults, with pointers into the start document.</param>
    StartPlan? Plan(JsonElement form, IReadOnlyList<string> stamps, ICollection<JsonFault> faults);
}

/// <summary>A start that has passed its checks.</summary>
/// <param name="Workflow">What the status shows as the workflow's name.</param>
/// <param name="Orchestrator">Name of the orchestrator function.</param>
/// <param name="CreateInput">Makes the orchestrator's input, with every policy value it will need. May store large
/// arguments as payloads.</param>
public sealed record StartPlan(
    string Workflow, string Orchestrator, Func<StartIdentity, CancellationToken, ValueTask<object>> CreateInput)
{
    /// <summary>How many tasks it is known to have; null if that shows only when it runs.</summary>
    public int? Tasks { get; init; }
}

/// <summary>Who a start is.</summary>
/// <param name="Id">The workflow's id.</param>
/// <param name="RequestHash">Fingerprint of the request. Names of payloads contain it, so that another request with the
/// same id spoils nothing.</param>
/// <param name="Stamps">The stamps given.</param>
public sealed record StartIdentity(string Id, string RequestHash, IReadOnlyList<string> Stamps);
