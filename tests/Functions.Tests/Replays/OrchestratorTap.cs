using System.Collections.Concurrent;
using Google.Protobuf;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.DurableTask.Protobuf;
using Microsoft.Extensions.DependencyInjection;

namespace Chard.Functions.Tests.Replays;

/// <summary>
/// Sits in the worker before everything that runs a function, and sees what the host asks of orchestrators and what they answer: each
/// request has the history so far, each response what the orchestrator does next. It can hand over another request in its place.
/// </summary>
internal sealed class OrchestratorTap
{
    private readonly ConcurrentDictionary<string, Replay> _replays = new();

    /// <summary>What was asked and answered, by instance, in order.</summary>
    public ConcurrentDictionary<string, ConcurrentQueue<(OrchestratorRequest Request, OrchestratorResponse Response)>> Seen { get; } =
        new();

    /// <summary>Puts the tap into the worker's services.</summary>
    public void Apply(IServiceCollection services)
    {
        ServiceDescriptor inner = services.Last(s => s.ServiceType == typeof(FunctionExecutionDelegate));
        services.AddSingleton<FunctionExecutionDelegate>(provider =>
        {
            var next = (FunctionExecutionDelegate)(inner.ImplementationInstance ?? inner.ImplementationFactory!(provider));
            return context => RunAsync(next, context);
        });
    }

    /// <summary>The next request of an instance is answered to <paramref name="request"/>, and the instance ends by it.</summary>
    public Task<OrchestratorResponse> ReplayAsync(string instance, OrchestratorRequest request)
    {
        var answer = new TaskCompletionSource<OrchestratorResponse>(TaskCreationOptions.RunContinuationsAsynchronously);
        _replays[instance] = new(request, answer);
        return answer.Task;
    }

    private async Task RunAsync(FunctionExecutionDelegate next, FunctionContext context)
    {
        BindingMetadata? trigger = context.FunctionDefinition.InputBindings.Values
            .FirstOrDefault(b => string.Equals(b.Type, "orchestrationTrigger", StringComparison.OrdinalIgnoreCase));
        if (trigger is null)
        {
            await next(context);
            return;
        }

        InputBindingData<object> data = await context.BindInputAsync<object>(trigger);
        OrchestratorRequest request = OrchestratorRequest.Parser.ParseFrom(Convert.FromBase64String((string)data.Value!));
        if (!_replays.TryRemove(request.InstanceId, out Replay? replay))
        {
            await next(context);
            Seen.GetOrAdd(request.InstanceId, _ => []).Enqueue((request, Response(context)));
            return;
        }

        data.Value = Convert.ToBase64String(replay.Request.ToByteArray());
        try
        {
            await next(context);
            replay.Answer.SetResult(Response(context));
        }
        catch (Exception e)
        {
            replay.Answer.SetException(e);
        }

        var end = new OrchestratorResponse { InstanceId = request.InstanceId };
        end.Actions.Add(new OrchestratorAction { CompleteOrchestration = new() { OrchestrationStatus = OrchestrationStatus.Completed } });
        context.GetInvocationResult().Value = Convert.ToBase64String(end.ToByteArray());
    }

    private static OrchestratorResponse Response(FunctionContext context) =>
        OrchestratorResponse.Parser.ParseFrom(Convert.FromBase64String((string)context.GetInvocationResult().Value!));

    private sealed record Replay(OrchestratorRequest Request, TaskCompletionSource<OrchestratorResponse> Answer);
}
