using System.Reflection;
using Chard.Functions.Tests.Flows;
using Chard.Functions.Tests.Harness;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Protobuf;

namespace Chard.Functions.Tests.Replays;

/// <summary>The app with its orchestrators and nothing else, which answers to histories of the past.</summary>
public sealed class ReplayHost : IAsyncLifetime
{
    private readonly OrchestratorTap _tap = new();
    private FlowHost _host = null!;

    /// <summary>Every orchestrator that ships.</summary>
    internal static IEnumerable<MethodInfo> Orchestrators => TheApp.Types
        .SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly))
        .Where(m => m.GetParameters().Any(p => p.IsDefined(typeof(OrchestrationTriggerAttribute))));

    public async Task InitializeAsync() => _host = await FlowHost.StartAsync(options =>
    {
        options.FunctionTypes = [.. Orchestrators.Select(m => m.DeclaringType!).Distinct()];
        options.ConfigureServices(_tap.Apply);
    });

    public async Task DisposeAsync() => await _host.DisposeAsync();

    /// <summary>What an orchestrator answers to a request.</summary>
    internal async Task<OrchestratorResponse> AnswerAsync(string orchestrator, OrchestratorRequest request)
    {
        string instance = "replay-" + Guid.NewGuid().ToString("N");
        Task<OrchestratorResponse> answer = _tap.ReplayAsync(instance, request);
        await _host.App.Durable.ScheduleNewOrchestrationInstanceAsync(orchestrator, null, new StartOrchestrationOptions(instance));
        return await answer.WaitAsync(TimeSpan.FromMinutes(1));
    }
}
