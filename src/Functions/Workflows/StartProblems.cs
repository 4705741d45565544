using Chard.Functions.Http;
using Microsoft.AspNetCore.Http;

namespace Chard.Functions.Workflows;

/// <summary>The problem documents of refused starts.</summary>
public static class StartProblems
{
    /// <summary>400 <c>invalid-start</c> with <c>faults</c>, a list of <c>{"pointer","message"}</c>.</summary>
    public static IResult Invalid(InvalidStartException refusal)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        return Problems.Problem(
            StatusCodes.Status400BadRequest, "invalid-start", "The workflow cannot be started like this.", refusal.Message,
            new Dictionary<string, object?> { ["faults"] = refusal.Faults });
    }

    /// <summary>409 <c>id-taken</c>.</summary>
    public static IResult Conflict(StartConflictException conflict)
    {
        ArgumentNullException.ThrowIfNull(conflict);
        return Problems.Problem(StatusCodes.Status409Conflict, "id-taken", "The id belongs to another workflow.", conflict.Message);
    }
}
