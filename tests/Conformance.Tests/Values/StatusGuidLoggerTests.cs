using System.Collections.Concurrent;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Testing;
using Microsoft.Extensions.Logging;

namespace Chard.Conformance.Tests.Values;

/// <summary>Custom status, GUIDs and logs of an orchestration.</summary>
public sealed class StatusGuidLoggerTests : DurableTest
{
    [Fact]
    public async Task CustomStatus_IsSeenWhileRunningAndKeptAfter()
    {
        var client = await StartAsync(tasks => tasks.AddOrchestratorFunc(Main, async context =>
        {
            context.SetCustomStatus(new { Step = 1 });
            await context.WaitForExternalEvent<string>("Go");
            context.SetCustomStatus(new { Step = 2 });
            return "done";
        }));
        var id = await BeginAsync(client);

        var running = await UntilAsync(client, id, instance => instance.SerializedCustomStatus is not null);
        await client.RaiseEventAsync(id, "Go", "now", Deadline);
        var ended = await EndAsync(client, id);

        Assert.Equal("{\"Step\":1}", running.SerializedCustomStatus);
        Assert.Equal("{\"Step\":2}", ended.SerializedCustomStatus);
    }

    [Fact]
    public async Task CustomStatus_LastOfATurn_Wins()
    {
        var metadata = await RunAsync(tasks => tasks.AddOrchestratorFunc(Main, context =>
        {
            context.SetCustomStatus("one");
            context.SetCustomStatus("two");
            return 1;
        }));

        Assert.Equal("two", metadata.ReadCustomStatusAs<string>());
    }

    [Fact]
    public async Task CustomStatus_Null_ClearsIt()
    {
        var metadata = await RunAsync(tasks => tasks
            .AddOrchestratorFunc(Main, async context =>
            {
                context.SetCustomStatus("one");
                await context.CallActivityAsync("Nothing");
                context.SetCustomStatus(null);
                return 1;
            })
            .AddActivityFunc("Nothing", _ => { }));

        Assert.Null(metadata.SerializedCustomStatus);
    }

    [Fact]
    public async Task CustomStatus_OfAFailedInstance_IsKept()
    {
        var metadata = await RunAsync(tasks => tasks.AddOrchestratorFunc(Main, context =>
        {
            context.SetCustomStatus("about to fail");
            return Throw<int>(new InvalidOperationException("failed"));
        }));

        Assert.Equal("about to fail", metadata.ReadCustomStatusAs<string>());
    }

    [Fact]
    public async Task NewGuid_IsDerivedFromIdClockAndCounter()
    {
        var client = await StartAsync(tasks => tasks
            .AddOrchestratorFunc(Main, async context =>
            {
                var now = context.CurrentUtcDateTime;
                Guid[] first = [context.NewGuid(), context.NewGuid()];
                await context.CallActivityAsync("Nothing");
                return new Drawn(now, first, context.CurrentUtcDateTime, context.NewGuid());
            })
            .AddActivityFunc("Nothing", _ => { }));

        var drawn = Output<Drawn>(await RunAsync(client, null, new StartOrchestrationOptions("one")));

        Assert.Equal([DeterministicGuid.Of("one", drawn!.Early, 0), DeterministicGuid.Of("one", drawn.Early, 1)], drawn.First);
        Assert.Equal(DeterministicGuid.Of("one", drawn.Late, 2), drawn.Last);
    }

    [Fact]
    public async Task NewGuid_AtOnePlaceInTheCode_IsTheSameOnEveryReplay()
    {
        var seen = new ConcurrentDictionary<int, ConcurrentBag<Guid>>();

        await RunAsync(tasks => tasks
            .AddOrchestratorFunc(Main, async context =>
            {
                for (var i = 0; i < 3; i++)
                {
                    seen.GetOrAdd(i, _ => []).Add(context.NewGuid());
                    await context.CallActivityAsync("Nothing");
                }
            })
            .AddActivityFunc("Nothing", _ => { }));

        Assert.All(seen.Values, guids => Assert.Single(guids.Distinct()));
        Assert.Equal(3, seen.Values.SelectMany(guids => guids).Distinct().Count());
    }

    [Fact]
    public async Task ReplaySafeLogger_WritesEachLineOnce()
    {
        using var logs = new RecordingLoggerFactory();
        var client = await StartAsync(
            tasks => tasks
                .AddOrchestratorFunc(Main, async context =>
                {
                    var byName = context.CreateReplaySafeLogger("Mine");
                    var byType = context.CreateReplaySafeLogger<StatusGuidLoggerTests>();
                    byName.LogInformation("one");
                    await context.CallActivityAsync("Nothing");
                    byType.LogInformation("two");
                    await context.CallActivityAsync("Nothing");
                    byName.LogInformation("three");
                })
                .AddActivityFunc("Nothing", _ => { }),
            new DurableTaskTestHostOptions { LoggerFactory = logs });

        await RunAsync(client);

        Assert.Equal(["Mine: one", "Mine: three"], logs.Lines.Where(line => line.StartsWith("Mine:", StringComparison.Ordinal)));
        Assert.Equal([$"{typeof(StatusGuidLoggerTests).FullName}: two"], logs.Lines.Where(line => line.Contains(nameof(StatusGuidLoggerTests), StringComparison.Ordinal)));
    }

    private sealed record Drawn(DateTime Early, Guid[] First, DateTime Late, Guid Last);

    private sealed class RecordingLoggerFactory : ILoggerFactory
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public ILogger CreateLogger(string categoryName) => new Recorder(categoryName, Lines);

        public void Dispose()
        {
        }

        private sealed class Recorder(string category, ConcurrentQueue<string> lines) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
                lines.Enqueue($"{category}: {formatter(state, exception)}");
        }
    }
}
