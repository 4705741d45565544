using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace Chard.Platform;

/// <summary>
/// Lets a request through if its caller has the role that the function's policy wants (<see cref="RoutePolicies"/>). Denied by default:
/// a function without a policy is nobody's.
/// </summary>
public sealed class AccessMiddleware(AccessSettings access, IEnumerable<RoutePolicy> routes) : IFunctionsWorkerMiddleware
{
    private readonly IReadOnlyDictionary<string, Role?> _policies = RoutePolicies.With(routes);

    /// <inheritdoc/>
    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        if (context.GetHttpContext() is not { } http)
        {
            return next(context);
        }

        Caller caller = Caller.Of(http.Request, access);
        http.Items[typeof(Caller)] = caller;
        if (Refusal(context.FunctionDefinition.Name, caller) is { } refusal)
        {
            context.GetInvocationResult().Value = refusal;
            return Task.CompletedTask;
        }

        return next(context);
    }

    /// <summary>The answer to a caller who may not call a function; null to one who may.</summary>
    internal IResult? Refusal(string function, Caller caller)
    {
        if (!access.IsRequired)
        {
            return null;
        }

        bool known = _policies.TryGetValue(function, out Role? role);
        return known && role is null ? null
            : caller == Caller.Unknown ? Problems.Unauthorized()
            : caller.Role is not { } has ? Problems.NoRole()
            : known && has >= role ? null
            : Problems.WrongRole(has, known ? role : null);
    }
}
