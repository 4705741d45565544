namespace Microsoft.DurableTask;

/// <summary>An activity: work with effects, run at least once.</summary>
public interface ITaskActivity
{
    /// <summary>The type its input is read as.</summary>
    Type InputType { get; }

    /// <summary>The type of its result.</summary>
    Type OutputType { get; }

    /// <summary>Runs it once.</summary>
    Task<object?> RunAsync(TaskActivityContext context, object? input);
}

/// <summary>What an activity knows about its call.</summary>
public abstract class TaskActivityContext
{
    /// <summary>The activity's name.</summary>
    public abstract TaskName Name { get; }

    /// <summary>The calling orchestration's instance id.</summary>
    public abstract string InstanceId { get; }

    /// <summary>The calling orchestration's version; empty when none.</summary>
    public virtual string Version => string.Empty;
}

/// <summary>An activity with typed input and result.</summary>
/// <typeparam name="TInput">The input.</typeparam>
/// <typeparam name="TOutput">The result.</typeparam>
public abstract class TaskActivity<TInput, TOutput> : ITaskActivity
{
    /// <inheritdoc/>
    Type ITaskActivity.InputType => typeof(TInput);

    /// <inheritdoc/>
    Type ITaskActivity.OutputType => typeof(TOutput);

    /// <inheritdoc/>
    async Task<object?> ITaskActivity.RunAsync(TaskActivityContext context, object? input)
    {
        ArgumentNullException.ThrowIfNull(context);
        return await RunAsync(context, TypedInput.Read<TInput>(input)).ConfigureAwait(false);
    }

    /// <summary>Runs it once.</summary>
    public abstract Task<TOutput> RunAsync(TaskActivityContext context, TInput input);
}
