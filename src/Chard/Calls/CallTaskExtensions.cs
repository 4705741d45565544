using System.Runtime.CompilerServices;
using Chard.Domain.Failures;
using Chard.Domain.Tasks;
using Microsoft.DurableTask;

namespace Chard.Calls;

/// <summary>Calls of tasks from orchestrators.</summary>
public static class CallTaskExtensions
{
    // One scope a context: a replay has a context of its own, so its counter begins anew.
    private static readonly ConditionalWeakTable<TaskOrchestrationContext, WorkflowScope> Scopes = [];

    /// <summary>
    /// Calls a task: retried as its policy says, told to come back later as often as it may be, its failure for good written as a dead
    /// letter, and then failed, skipped or parked as the policy says. Survives any number of restarts, and a crash at any line.
    /// </summary>
    /// <typeparam name="TResult">The task's result; <see cref="TaskValue"/> to pass it on without loading what is large.</typeparam>
    /// <param name="context">The orchestrator's context; its input is a <c>WorkflowInput</c>.</param>
    /// <param name="task">Name of the task.</param>
    /// <param name="args">Its arguments: anything that becomes JSON, or a <see cref="TaskValue"/>.</param>
    /// <param name="options">What this call wants different from the task's policy.</param>
    /// <returns>The task's result, the one an operator gave, or default if it was skipped.</returns>
    /// <exception cref="TaskExhaustedException">The task has failed for good.</exception>
    /// <exception cref="PermanentTaskException">
    /// <c>args-too-large</c>, <c>result-too-large</c> or <c>invalid-result</c>: values that do not fit here.
    /// </exception>
    public static async Task<TResult?> CallTaskAsync<TResult>(
        this TaskOrchestrationContext context, string task, object? args = null, TaskCallOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentException.ThrowIfNullOrEmpty(task);
        WorkflowScope scope = ScopeOf(context);
        TaskValue result = await scope.Prepare(task, args, options ?? new()).RunAsync();
        return Values.Read<TResult>(task, result);
    }

    /// <summary>Calls a task whose result is of no interest. <inheritdoc cref="CallTaskAsync{TResult}"/></summary>
    /// <inheritdoc cref="CallTaskAsync{TResult}"/>
    public static Task CallTaskAsync(
        this TaskOrchestrationContext context, string task, object? args = null, TaskCallOptions? options = null) =>
        context.CallTaskAsync<TaskValue>(task, args, options);

    /// <summary>What the calls of this orchestration have in common.</summary>
    internal static WorkflowScope ScopeOf(TaskOrchestrationContext context) => Scopes.GetValue(context, static c => new(c));
}
