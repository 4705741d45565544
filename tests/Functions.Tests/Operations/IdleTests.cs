using Chard.Control;
using Chard.Functions.Tests.Harness;
using Chard.Platform;
using Chard.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;
using Xunit.Abstractions;

namespace Chard.Functions.Tests.Operations;

/// <summary>What an app costs that has nothing to do: docs/operations.md makes money of these numbers.</summary>
public sealed class IdleTests(ITestOutputHelper output)
{
    /// <summary>Ticks and the app's own requests in an idle hour, as the settings here and on Azure have it.</summary>
    [Theory]
    [InlineData(2, 1800, 4300)]
    [InlineData(15, 240, 800)]
    public async Task Hour_OfAnIdleApp_AsksLittleOfStorage(int seconds, int ticks, int mostRequests)
    {
        var time = new FakeTimeProvider(TestTime.Begin);
        await using FunctionsTestHost host = await FunctionsTestHost.StartAsync<TaskFunctions>(options =>
        {
            // The test is the clock.
            options.FunctionTypes = [.. TheApp.Types.Except([typeof(RunClock)])];
            options.Settings[ClockPeriod.Setting] = $"{seconds}";
            options.ConfigureServices(services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(time)));
        });
        Clock clock = host.Services.GetRequiredService<Clock>();
        ClockPeriod period = host.Services.GetRequiredService<ClockPeriod>();
        await TickAsync(TimeSpan.FromMinutes(10));
        int before = Requests();

        int ran = await TickAsync(TimeSpan.FromHours(1));

        int requests = Requests() - before;
        output.WriteLine($"An idle hour at {seconds} s: {ran} executions, {requests} requests of the app.");
        Assert.Equal(ticks, ran);
        Assert.InRange(requests, 1, mostRequests);

        async Task<int> TickAsync(TimeSpan length)
        {
            int count = 0;
            for (DateTimeOffset end = time.GetUtcNow() + length; time.GetUtcNow() < end; time.Advance(period.Length))
            {
                Assert.Empty(await clock.TickAsync(host.Durable, CancellationToken.None));
                count++;
            }

            return count;
        }

        int Requests() => host.Storage.Count(_ => true);
    }
}
