using System.Reflection;
using Chard.Domain.Workflows;
using Microsoft.Azure.Functions.Worker;

namespace Chard.Starts;

/// <summary>Finds the orchestrators of an assembly that <see cref="WorkflowAttribute"/> marks.</summary>
internal static class MarkedWorkflows
{
    private const BindingFlags Methods =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>Each with its name, the type of its arguments and the tasks it may call.</summary>
    /// <exception cref="InvalidOperationException">A mark stands where no workflow is.</exception>
    public static IReadOnlyList<(string Name, Type Args, IReadOnlyList<string> Tasks)> In(params IEnumerable<Type> types) =>
        [.. from type in types
            from method in type.GetMethods(Methods)
            let mark = method.GetCustomAttribute<WorkflowAttribute>()
            where mark is not null
            select (NameOf(method), ArgsOf(method), mark.Tasks)];

    private static string NameOf(MethodInfo method) =>
        method.GetCustomAttribute<FunctionAttribute>()?.Name is { } name
        && method.GetParameters().Any(p => p.IsDefined(typeof(OrchestrationTriggerAttribute)))
            ? name
            : throw Fault(method, "is no orchestrator: give it [Function(\"…\")] and an [OrchestrationTrigger] TaskOrchestrationContext");

    private static Type ArgsOf(MethodInfo method) =>
        method.GetParameters().Select(p => p.ParameterType)
            .FirstOrDefault(t => t.IsGenericType && t.GetGenericTypeDefinition() == typeof(WorkflowInput<>))?.GetGenericArguments()[0]
            is { IsClass: true } args
            ? args
            : throw Fault(method, "has no arguments: give it a parameter WorkflowInput<TArgs>, where TArgs is a record");

    private static InvalidOperationException Fault(MethodInfo method, string what) =>
        new($"[Workflow] of {method.DeclaringType!.Name}.{method.Name}: the method {what}, or take the attribute out.");
}
