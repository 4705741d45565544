using Microsoft.DurableTask;

namespace Chard.Emulator.DurableTask;

/// <content>Activities and sub-orchestrations, with and without retries.</content>
internal sealed partial class EngineOrchestrationContext
{
    public override Task CallActivityAsync(TaskName name, object? input = null, TaskOptions? options = null) =>
        CallActivity<object?>(name, input, options, null);

    public override Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null) =>
        CallActivity<TResult>(name, input, options, services.Codec);

    public override Task CallSubOrchestratorAsync(TaskName orchestratorName, object? input = null, TaskOptions? options = null) =>
        CallChild<object?>(orchestratorName, input, options, null);

    public override Task<TResult> CallSubOrchestratorAsync<TResult>(TaskName orchestratorName, object? input = null, TaskOptions? options = null) =>
        CallChild<TResult>(orchestratorName, input, options, services.Codec);

    private static ArgumentException? Misplaced(object? input, TaskOptions? options) =>
        input is TaskOptions && options is null
            ? new ArgumentException($"{nameof(TaskOptions)} were given as the input. Name the argument: options: …", nameof(input))
            : null;

    private Task<T> CallActivity<T>(TaskName name, object? input, TaskOptions? options, PayloadCodec? codec)
    {
        CheckThread();
        if (Misplaced(input, options) is { } misplaced)
        {
            return Task.FromException<T>(misplaced);
        }

        return Tried(options?.Retry, Attempt);

        // The input is written anew for each try, as the real one does: a retry handler may have changed it.
        Task<T> Attempt()
        {
            var payload = services.Codec.Serialize(input);
            var id = run.NextId();
            return run.Open(
                new OrchestratorAction { Kind = ActionKind.CallActivity, Id = id, Name = name.Name, Version = options?.Version?.Version ?? identity.Version, Input = payload },
                new OpenTask<T>(name.Name, id, codec));
        }
    }

    private Task<T> CallChild<T>(TaskName name, object? input, TaskOptions? options, PayloadCodec? codec)
    {
        CheckThread();
        if (Misplaced(input, options) is { } misplaced)
        {
            return Task.FromException<T>(misplaced);
        }

        var named = options as SubOrchestrationOptions;
        if (named?.InstanceId is { } given)
        {
            RefuseEntityId(given, services.Options);
        }

        entities?.RefuseInCriticalSection();

        // Retries use the same child id: it is made once, before the first try.
        var child = named?.InstanceId ?? NewGuidCore().ToString("N");
        var version = named?.Version?.Version ?? services.Options.DefaultVersion;
        return Tried(options?.Retry, Attempt);

        Task<T> Attempt()
        {
            var payload = services.Codec.Serialize(input);
            var id = run.NextId();
            return run.Open(
                new SendAction { Kind = ActionKind.CallChild, Id = id, Name = name.Name, Version = version, Input = payload, Target = child, Tags = Copy(options?.Tags) },
                new OpenTask<T>(name.Name, id, codec));
        }
    }

    private Task<T> Tried<T>(TaskRetryOptions? retry, Func<Task<T>> attempt)
    {
        if (retry is not null)
        {
            return new RetryLoop(this, run, retry).RunAsync(attempt);
        }

        try
        {
            return attempt();
        }
#pragma warning disable CA1031 // An input that cannot be written belongs to whoever awaits the call.
        catch (Exception unwritable)
#pragma warning restore CA1031
        {
            return Task.FromException<T>(unwritable);
        }
    }

    private static Dictionary<string, string>? Copy(IDictionary<string, string>? tags) => tags is null ? null : new(tags);
}
