namespace Microsoft.DurableTask;

/// <summary>An orchestrator: code that decides, replayed from history.</summary>
public interface ITaskOrchestrator
{
    /// <summary>The type its input is read as.</summary>
    Type InputType { get; }

    /// <summary>The type of its result.</summary>
    Type OutputType { get; }

    /// <summary>Runs it from the beginning.</summary>
    Task<object?> RunAsync(TaskOrchestrationContext context, object? input);
}

/// <summary>An orchestrator with typed input and result.</summary>
/// <typeparam name="TInput">The input.</typeparam>
/// <typeparam name="TOutput">The result.</typeparam>
public abstract class TaskOrchestrator<TInput, TOutput> : ITaskOrchestrator
{
    /// <inheritdoc/>
    Type ITaskOrchestrator.InputType => typeof(TInput);

    /// <inheritdoc/>
    Type ITaskOrchestrator.OutputType => typeof(TOutput);

    /// <inheritdoc/>
    async Task<object?> ITaskOrchestrator.RunAsync(TaskOrchestrationContext context, object? input)
    {
        ArgumentNullException.ThrowIfNull(context);
        return await RunAsync(context, TypedInput.Read<TInput>(input));
    }

    /// <summary>Runs it from the beginning.</summary>
    public abstract Task<TOutput> RunAsync(TaskOrchestrationContext context, TInput input);
}

/// <summary>Casts an input to the type a task declares.</summary>
internal static class TypedInput
{
    public static T Read<T>(object? input) => input switch
    {
        null => default!,
        T typed => typed,
        _ => throw new ArgumentException($"The input is of type {input.GetType()}, but {typeof(T)} is expected.", nameof(input)),
    };
}
