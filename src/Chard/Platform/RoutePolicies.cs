namespace Chard.Platform;

/// <summary>
/// Who may call which HTTP function: one table. A function that is not in it, and in no table of the app's, is nobody's to call.
/// </summary>
public static class RoutePolicies
{
    /// <summary>The library's functions, by their names; null for everybody.</summary>
    public static IReadOnlyDictionary<string, Role?> Library { get; } = new Dictionary<string, Role?>(StringComparer.OrdinalIgnoreCase)
    {
        ["Dashboard"] = null,
        ["Health"] = null,

        ["CanvasSchema"] = Role.Reader,
        ["GetDeadLetter"] = Role.Reader,
        ["GetSchedule"] = Role.Reader,
        ["GetSession"] = Role.Reader,
        ["GetWorkflow"] = Role.Reader,
        ["GetWorkflowReasons"] = Role.Reader,
        ["GetWorkflowResult"] = Role.Reader,
        ["GetWorkflowStart"] = Role.Reader,
        ["GetWorkflowTask"] = Role.Reader,
        ["GroupDeadLetters"] = Role.Reader,
        ["ListDeadLetters"] = Role.Reader,
        ["ListLimits"] = Role.Reader,
        ["GetMetrics"] = Role.Reader,
        ["ListSchedules"] = Role.Reader,
        ["ListStuckWorkflows"] = Role.Reader,
        ["ListTasks"] = Role.Reader,
        ["ListWorkflows"] = Role.Reader,
        ["NoRoute"] = Role.Reader,
        ["OpenApi"] = Role.Reader,

        ["StartWorkflow"] = Role.Starter,

        ["CancelWorkflow"] = Role.Operator,
        ["CancelWorkflows"] = Role.Operator,
        ["DeleteWorkflow"] = Role.Operator,
        ["DeleteWorkflows"] = Role.Operator,
        ["DiscardDeadLetter"] = Role.Operator,
        ["DiscardDeadLetters"] = Role.Operator,
        ["FailDeadLetter"] = Role.Operator,
        ["FailDeadLetters"] = Role.Operator,
        ["PauseWorkflow"] = Role.Operator,
        ["PauseWorkflows"] = Role.Operator,
        ["ResumeWorkflow"] = Role.Operator,
        ["ResumeWorkflows"] = Role.Operator,
        ["RetryDeadLetter"] = Role.Operator,
        ["RetryDeadLetters"] = Role.Operator,
        ["RunSchedule"] = Role.Operator,
        ["SkipDeadLetter"] = Role.Operator,
        ["SkipDeadLetters"] = Role.Operator,
    };

    /// <summary>The library's and the app's: what the app says of a function of the library's holds, and of two words the last.</summary>
    public static IReadOnlyDictionary<string, Role?> With(IEnumerable<RoutePolicy> routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
        var all = new Dictionary<string, Role?>(Library, StringComparer.OrdinalIgnoreCase);
        foreach (RoutePolicy route in routes)
        {
            all[route.Function] = route.Role;
        }

        return all;
    }
}

/// <summary>Who may call one of the app's own HTTP functions.</summary>
/// <param name="Function">Its name.</param>
/// <param name="Role">The least that its caller must be; null for everybody.</param>
public sealed record RoutePolicy(string Function, Role? Role);
