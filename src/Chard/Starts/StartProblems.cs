using Chard.Platform;
using Microsoft.AspNetCore.Http;

namespace Chard.Starts;

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

    /// <summary>422 <c>id-taken</c>, or <c>idempotency-key-reused</c> if a key led to the id.</summary>
    public static IResult Conflict(StartConflictException conflict)
    {
        ArgumentNullException.ThrowIfNull(conflict);
        return conflict.ByKey
            ? Problems.Problem(
                StatusCodes.Status422UnprocessableEntity, "idempotency-key-reused", "The idempotency key belongs to another start.",
                conflict.Message)
            : Problems.Problem(
                StatusCodes.Status422UnprocessableEntity, "id-taken", "The id belongs to another start.", conflict.Message);
    }
}
