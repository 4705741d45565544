using Microsoft.DurableTask.Client;

namespace Chard.Emulator.Functions.Durable;

/// <summary>The durable engine of a host.</summary>
internal sealed class DurableRuntime(FunctionsCode code)
{
    public FunctionsCode Code { get; } = code;

    public DurableTaskClient Client => throw new InvalidOperationException($"This build has no durable engine to run {Code} on.");

    public Task StartAsync(CancellationToken cancellation) => Code is null ? Task.FromCanceled(cancellation) : Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellation) => Code is null ? Task.FromCanceled(cancellation) : Task.CompletedTask;
}
