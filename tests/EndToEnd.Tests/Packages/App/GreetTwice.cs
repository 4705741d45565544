using Chard.Calls;
using Chard.Canvases;
using Chard.Domain.Workflows;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Team;

/// <summary>Whom to greet.</summary>
public sealed record GreetTwiceArgs(string Name);

/// <summary>A chain: greets somebody, then the greeting.</summary>
public static class GreetTwiceOrchestrator
{
    [Function(nameof(GreetTwice))]
    public static Task<string?> GreetTwice([OrchestrationTrigger] TaskOrchestrationContext context, WorkflowInput<GreetTwiceArgs> input) =>
        context.TrackAsync(() => context.ChainAsync<string>(input.Args.Name, nameof(Greet), nameof(Greet)));
}
