using System.Net;
using System.Net.Sockets;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Testing;

namespace Chard.Conformance.Tests;

/// <summary>
/// A test of what orchestrations do, whoever runs them. It names only types of the Durable Task packages, so that the same
/// test runs on this repository's engine and, built with FunctionsHost=Azure, on the packages' own in-process test host.
/// </summary>
public abstract class DurableTest : IAsyncLifetime
{
    /// <summary>The orchestrator that <see cref="RunAsync(Action{DurableTaskRegistry}, object?)"/> starts.</summary>
    protected const string Main = "Main";

    private readonly List<DurableTaskTestHost> hosts = [];

    /// <summary>Fires when a test takes so long that it hangs.</summary>
    protected CancellationToken Deadline { get; } = new CancellationTokenSource(TimeSpan.FromMinutes(1)).Token;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var host in hosts)
        {
            await host.DisposeAsync();
        }
    }

    /// <summary>Starts a host with the given tasks and gives its client.</summary>
    protected async Task<DurableTaskClient> StartAsync(Action<DurableTaskRegistry> tasks, DurableTaskTestHostOptions? options = null)
    {
        options ??= new DurableTaskTestHostOptions();
        options.Port = FreePort();
        var host = await DurableTaskTestHost.StartAsync(tasks, options, Deadline);
        hosts.Add(host);
        return host.Client;
    }

    /// <summary>Starts a host, runs <see cref="Main"/> to its end and gives the instance with its output.</summary>
    protected async Task<OrchestrationMetadata> RunAsync(Action<DurableTaskRegistry> tasks, object? input = null) =>
        await RunAsync(await StartAsync(tasks), input);

    /// <summary>Runs <see cref="Main"/> to its end and gives the instance with its output.</summary>
    protected async Task<OrchestrationMetadata> RunAsync(DurableTaskClient client, object? input = null, StartOrchestrationOptions? options = null)
    {
        var id = await client.ScheduleNewOrchestrationInstanceAsync(Main, input, options, Deadline);
        return await EndAsync(client, id);
    }

    /// <summary>Runs <see cref="Main"/> to its end and gives its output.</summary>
    protected async Task<T?> ResultAsync<T>(Action<DurableTaskRegistry> tasks, object? input = null) => Output<T>(await RunAsync(tasks, input));

    /// <summary>Starts <see cref="Main"/> and waits until it runs.</summary>
    protected async Task<string> BeginAsync(DurableTaskClient client, object? input = null)
    {
        var id = await client.ScheduleNewOrchestrationInstanceAsync(Main, input, Deadline);
        await client.WaitForInstanceStartAsync(id, Deadline);
        return id;
    }

    /// <summary>Waits for the end of an instance and gives it with its output.</summary>
    protected Task<OrchestrationMetadata> EndAsync(DurableTaskClient client, string id) =>
        client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, Deadline);

    /// <summary>Waits until an instance, as a client sees it, meets a condition.</summary>
    protected async Task<OrchestrationMetadata> UntilAsync(DurableTaskClient client, string id, Func<OrchestrationMetadata, bool> condition)
    {
        while (true)
        {
            if (await client.GetInstanceAsync(id, getInputsAndOutputs: true, Deadline) is { } metadata && condition(metadata))
            {
                return metadata;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5), Deadline);
        }
    }

    /// <summary>The output of an instance that completed; a test fails with the failure of one that did not.</summary>
    protected static T? Output<T>(OrchestrationMetadata metadata)
    {
        Assert.True(metadata.RuntimeStatus == OrchestrationRuntimeStatus.Completed, $"{metadata}: {metadata.FailureDetails}");
        return metadata.ReadOutputAs<T>();
    }

    /// <summary>The failure of an instance that failed.</summary>
    protected static TaskFailureDetails Failure(OrchestrationMetadata metadata)
    {
        Assert.Equal(OrchestrationRuntimeStatus.Failed, metadata.RuntimeStatus);
        Assert.NotNull(metadata.FailureDetails);
        return metadata.FailureDetails;
    }

    /// <summary>The exception a durable task ends with. Awaits on the orchestrator's own context, as orchestrators must.</summary>
    protected static async Task<T> CatchAsync<T>(Task task)
        where T : Exception
    {
        try
        {
            await task;
        }
        catch (T exception)
        {
            return exception;
        }

        throw new InvalidOperationException($"A {typeof(T).Name} was expected, but the task ended well.");
    }

    /// <summary>Throws, where a lambda that only threw would have no type.</summary>
    protected static T Throw<T>(Exception exception) => throw exception;

    // The packages' host listens; two that pick at random may pick the same.
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
