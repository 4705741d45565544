using Chard.Calls;
using Chard.Canvases;
using Chard.Domain.Workflows;
using Chard.Starts;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace ChardApp;

/// <summary>What NewWorkflow is about: what a start has as its "args".</summary>
//#if (wide)
/// <param name="Ids">What its steps are about.</param>
public sealed record NewWorkflowArgs(IReadOnlyList<string> Ids);
//#else
/// <param name="Id">What its first step is about.</param>
public sealed record NewWorkflowArgs(string Id);
//#endif

/// <summary>Say here what it does. It decides nothing by the clock, by settings or by chance: its code runs again and again.</summary>
public static class NewWorkflowOrchestrator
{
    /// <summary>Runs it.</summary>
    [Function(nameof(NewWorkflow))]
//#if (ends)
    [Workflow(nameof(NewWorkflowStep), nameof(NewWorkflowEnd))]
//#else
    [Workflow(nameof(NewWorkflowStep))]
//#endif
//#if (chain)
    public static Task<string?> NewWorkflow(
        [OrchestrationTrigger] TaskOrchestrationContext context, WorkflowInput<NewWorkflowArgs> input) =>
        context.TrackAsync(() => context.ChainAsync<string>(input.Args.Id, nameof(NewWorkflowStep), nameof(NewWorkflowEnd)));
//#endif
//#if (group)
    public static Task<IReadOnlyList<string?>?> NewWorkflow(
        [OrchestrationTrigger] TaskOrchestrationContext context, WorkflowInput<NewWorkflowArgs> input) =>
        context.TrackAsync(() => context.GroupAsync(
            input.Args.Ids.Select(id => context.Signature<string>(nameof(NewWorkflowStep), id)),
            new GroupOptions(MaxInFlight: 10, Report: context.ReportProgressAsync)));
//#endif
//#if (chord)
    public static Task<string?> NewWorkflow(
        [OrchestrationTrigger] TaskOrchestrationContext context, WorkflowInput<NewWorkflowArgs> input) =>
        context.TrackAsync(() => context.ChordAsync(
            header: input.Args.Ids.Select(id => context.Signature<string>(nameof(NewWorkflowStep), id)),
            body: steps => context.CallTaskAsync<string>(nameof(NewWorkflowEnd), steps),
            new GroupOptions(MaxInFlight: 10, Report: context.ReportProgressAsync)));
//#endif
//#if (map)
    public static Task<IReadOnlyList<string?>?> NewWorkflow(
        [OrchestrationTrigger] TaskOrchestrationContext context, WorkflowInput<NewWorkflowArgs> input) =>
        context.TrackAsync(() => context.MapAsync<string>(
            nameof(NewWorkflowStep), input.Args.Ids, new GroupOptions(MaxInFlight: 100, Report: context.ReportProgressAsync)));
//#endif
}
