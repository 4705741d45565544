using System.Text.Json;
using Chard.Domain.Failures;
using Chard.Domain.Json;

namespace Chard.Domain.Tasks;

/// <summary>Runs a task on arguments in JSON and gives its result in JSON.</summary>
public abstract class TaskInvoker
{
    /// <summary>Runs <paramref name="task"/>.</summary>
    /// <returns>The result as UTF-8 JSON.</returns>
    /// <exception cref="PermanentTaskException">The arguments do not fit (<c>invalid-args</c>), or the result is not JSON
    /// (<c>invalid-result</c>).</exception>
    public abstract Task<byte[]> RunAsync(object task, TaskArguments args, TaskContext context, CancellationToken cancellationToken);

    /// <summary>Asks the task's probe. Null if the effect did not land, else the result as UTF-8 JSON.</summary>
    public abstract Task<byte[]?> ProbeAsync(object task, TaskArguments args, TaskContext context, CancellationToken cancellationToken);

    /// <summary>A result as UTF-8 JSON.</summary>
    private protected static byte[] Write<TResult>(TResult? result, TaskContext context)
    {
        try
        {
            return JsonSerializer.SerializeToUtf8Bytes(result, TaskJson.Options);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or ArgumentException)
        {
            throw new PermanentTaskException("invalid-result", $"The result of {context.Task} does not survive JSON: {e.Message}", e);
        }
    }
}

internal sealed class TaskInvoker<TArgs, TResult> : TaskInvoker
{
    public override async Task<byte[]> RunAsync(
        object task,
        TaskArguments args,
        TaskContext context,
        CancellationToken cancellationToken) =>
        Write(await ((ITask<TArgs, TResult>)task).RunAsync(Read(args.Utf8.Span, context), context, cancellationToken), context);

    public override async Task<byte[]?> ProbeAsync(
        object task,
        TaskArguments args,
        TaskContext context,
        CancellationToken cancellationToken)
    {
        ProbeAnswer<TResult> answer = await ((IProbe<TArgs, TResult>)task)
            .DidItLandAsync(Read(args.Utf8.Span, context), context, cancellationToken);
        return answer.Landed ? Write(answer.Result, context) : null;
    }

    private static TArgs Read(ReadOnlySpan<byte> args, TaskContext context)
    {
        try
        {
            // Null is left to tasks that can take it: a record's constructor would meet it far from here.
            return JsonSerializer.Deserialize<TArgs>(args, TaskJson.Options)
                ?? (default(TArgs) is null && Nullable.GetUnderlyingType(typeof(TArgs)) is null && !typeof(TArgs).IsValueType
                    ? throw new PermanentTaskException(
                        "invalid-args", $"{context.Task} needs arguments of type {typeof(TArgs).Name}, and there are none.")
                    : default!);
        }
        catch (JsonException e)
        {
            throw new PermanentTaskException(
                "invalid-args", $"The arguments of {context.Task} do not fit {typeof(TArgs).Name} at '{e.Path}': {ReaderFault.Say(e)}", e);
        }
    }
}
