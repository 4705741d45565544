using System.Globalization;
using Chard.Control;
using Chard.Domain.DeadLetters;
using Chard.Functions.Tests.Api;
using Chard.Status;
using Chard.Testing;
using Xunit.Abstractions;

namespace Chard.Functions.Tests.Retention;

/// <summary>
/// Random workflows of all shapes and fates, and sweeps that die at a random request: what ended long ago is gone to the last row, blob and
/// instance, and what has not ended is as it was, and goes on.
/// </summary>
public sealed class RetentionPropertyTests(ITestOutputHelper output)
{
    private const int Workflows = 16;
    private const int Crashes = 14;

    private readonly List<string> _gone = [];
    private readonly List<(string Id, Func<Task> GoOn)> _kept = [];
    private Random _random = null!;
    private RetentionHost _host = null!;

    private ApiHost Api => _host.Api;

    public static TheoryData<int> Seeds => [1, 2, 3, Random.Shared.Next()];

    [Theory]
    [Trait("Category", "Soak")]
    [MemberData(nameof(Seeds))]
    public async Task Sweep_CrashedAtRandomRequests_LeavesNoOrphanAndTouchesNothingInUse(int seed)
    {
        output.WriteLine($"Seed {seed}");
        _random = new(seed);
        _host = new();
        await _host.InitializeAsync();
        try
        {
            for (int i = 0; i < Workflows; i++)
            {
                await MakeAsync(i);
            }

            IReadOnlyList<string> all = await _host.EverythingAsync();
            Assert.All(_gone, id => Assert.Contains(all, thing => thing.Contains(id, StringComparison.Ordinal)));
            _host.Advance(TimeSpan.FromDays(100));

            int crashes = 0;
            for (int i = 0; i < Crashes; i++)
            {
                crashes += await CrashAsync() ? 1 : 0;
                _host.Advance(EndedWorkflows.ClaimLapse);
            }

            await _host.SweepAsync();
            output.WriteLine($"{_gone.Count} gone, {_kept.Count} kept, {crashes} crashes");

            Assert.InRange(crashes, 1, Crashes);
            string[] kept = [.. all.Where(thing => _kept.Exists(k => thing.Contains(k.Id, StringComparison.Ordinal)))];
            Assert.Equal(kept.Order(StringComparer.Ordinal), (await _host.EverythingAsync()).Order(StringComparer.Ordinal));
            foreach ((string _, Func<Task> goOn) in _kept)
            {
                await goOn();
            }
        }
        finally
        {
            await _host.DisposeAsync();
        }
    }

    /// <summary>A process that sweeps and dies at one of its requests, before it or after it. False if it was done before.</summary>
    private async Task<bool> CrashAsync()
    {
        using var death = new CancellationTokenSource();
        StoragePlan storage = Api.App.Storage;
        int at = _random.Next(0, 120);
        StorageFault dies = StorageFault.NoAnswer with { First = _ => death.CancelAsync() };
        if (_random.Next(2) == 0)
        {
            storage.Fail(_ => true, StorageFault.NoAnswer with { IsApplied = true }, skip: at);
        }

        storage.Fail(_ => true, dies, times: 1000, skip: at);
        try
        {
            RetentionSweep sweep = _host.Fresh<RetentionSweep>();
            for (int runs = 0; runs < 5; runs++)
            {
                await sweep.RunAsync(Api.Durable, death.Token);
            }

            return false;
        }
        catch (Exception) when (death.IsCancellationRequested)
        {
            // In whatever exception the client puts it.
            return true;
        }
        finally
        {
            storage.Heal();
        }
    }

    private async Task MakeAsync(int number)
    {
        string id = string.Create(CultureInfo.InvariantCulture, $"wf-{number:d2}-{_random.Next():x8}");
        string stamps = string.Join(',', Enumerable.Range(0, _random.Next(4)).Select(i => $"\"s{i}\""));
        string about = $$"""{"id":"{{id}}","owner":"o{{_random.Next(3)}}","stamps":[{{stamps}}]""";
        string value = _random.Next(3) == 0 ? $"\"{new string('v', 40_000)}\"" : "3";
        switch (number < 10 ? number : _random.Next(10))
        {
            case 0:
                await EndsAsync($$"""{{about}},"task":"Echo","args":{{value}}}""", "completed");
                break;
            case 1:
                await EndsAsync(
                    $$"""{{about}},"canvas":{"chain":[{"task":"Echo","args":{{value}}},{"task":"Echo"},{"task":"Echo"}]} }""", "completed");
                break;
            case 2:
                int width = _random.Next(2) == 0 ? 4 : 130;
                string members = string.Join(',', Enumerable.Range(0, width).Select(i => $$"""{"task":"Square","args":{{i}}}"""));
                await EndsAsync($$"""{{about}},"canvas":{"chord":{"header":[{{members}}],"body":{"task":"Sum"} } } }""", "completed");
                break;
            case 3:
                string items = string.Join(',', Enumerable.Range(0, _random.Next(1, 300)));
                await EndsAsync($$"""{{about}},"canvas":{"map":{"task":"Square","over":[{{items}}],"chunk":20} } }""", "completed");
                break;
            case 4:
                await EndsAsync($$"""{{about}},"task":"Fail","args":{"message":{{(value == "3" ? "\"no\"" : value)}} } }""", "failed");
                if (_random.Next(2) == 0)
                {
                    string letter = DeadLetterId.OfTask(id, "0", 0);
                    Answer retried = await Api.PostAsync($"/api/dead-letters/{letter}/retry", """{"args":{"message":"again"}}""");
                    Assert.True((int)retried.Status < 300, retried.Body);
                    _gone.Add(DeadLetterId.WorkflowOf(letter));
                    await _host.EndedAsync(DeadLetterId.WorkflowOf(letter), "failed");
                }

                break;
            case 5:
                await _host.StartAsync(
                    $$"""{{about}},"canvas":{"chain":[{"task":"Echo","args":{{value}}},"""
                        + """{"task":"Fail","args":{},"onExhausted":"park"}]}}""");
                await Api.UntilAsync(id, "parked");
                await KeepOrCancelAsync(id, async () =>
                {
                    Answer letters = await Api.GetAsync($"/api/dead-letters?workflowId={id}&state=open");
                    string letter = letters.Json.GetProperty("deadLetters")[0].GetProperty("id").GetString()!;
                    Assert.Equal(200, (int)(await Api.PostAsync($"/api/dead-letters/{letter}/skip", """{"result":5}""")).Status);
                });
                break;
            case 6:
                await StartAsync("Wait", about);
                await Api.UntilAsync(id, "running");
                await KeepOrCancelAsync(id, () => Api.Durable.RaiseEventAsync(id, "go", "on"));
                break;
            case 7:
                await StartAsync("WaitBelow", about);
                await Eventually.TrueAsync($"{id} waits below", async () => await Api.Durable.GetInstanceAsync(id + ".0") is not null);
                await Api.UntilAsync(id, "running");
                await KeepOrCancelAsync(id, () => Api.Durable.RaiseEventAsync(id + ".0", "go", "on"));
                break;
            case 8:
                await _host.ImportAsync(id, "ann");
                await _host.EndedAsync(id, "completed");
                _gone.Add(id);
                break;
            default:
                await StartAsync("Wait", about);
                await Api.UntilAsync(id, "running");
                Assert.Equal(202, (int)(await Api.PostAsync($"/api/workflows/{id}/pause")).Status);
                await KeepOrCancelAsync(id, async () =>
                {
                    Assert.Equal(202, (int)(await Api.PostAsync($"/api/workflows/{id}/resume")).Status);
                    await Api.Durable.RaiseEventAsync(id, "go", "on");
                });
                break;
        }

        async Task EndsAsync(string document, string status)
        {
            await _host.StartAsync(document);
            await _host.EndedAsync(id, status);
            _gone.Add(id);
        }
    }

    private Task<string> StartAsync(string workflow, string about) => _host.StartAsync($$"""{{about}},"workflow":"{{workflow}}"}""");

    private async Task KeepOrCancelAsync(string id, Func<Task> goOn)
    {
        if (_random.Next(3) > 0)
        {
            _kept.Add((id, async () =>
            {
                await goOn();
                await Api.UntilAsync(id, "completed");
            }));
            return;
        }

        Assert.Equal(202, (int)(await Api.PostAsync($"/api/workflows/{id}/cancel")).Status);
        await _host.EndedAsync(id, "cancelled");
        _gone.Add(id);
    }
}
