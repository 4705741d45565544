using Microsoft.DurableTask.Client;

namespace Chard.Emulator.Functions.Durable;

/// <summary>The durable engine of a host.</summary>
internal sealed class DurableRuntime(FunctionsCode code)
{
    public FunctionsCode Code { get; } = code;

    public DurableTaskClient Client => throw new InvalidOperationException("This build has no durable engine.");

    public Task StartAsync(CancellationToken cancellation) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellation) => Task.CompletedTask;
}
