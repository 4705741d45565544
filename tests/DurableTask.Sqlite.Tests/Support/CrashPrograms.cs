using System.Globalization;
using DurableTask.Core;
using DurableTask.Core.Exceptions;

namespace Chard.DurableTask.Sqlite.Tests;

/// <summary>Orchestrations whose result depends on every step: a lost or doubled one changes it.</summary>
internal static class CrashPrograms
{
    public static readonly string[] Names = ["Chain", "FanOut", "Retries", "Children", "Loop", "Entities", "Timers"];

    public static Code Make() => new Code()
        .Activity("Double", input => $"{2 * Number(input)}")
        .Activity("Odd", input => Number(input) % 2 == 0 ? input : throw new TimeoutException($"odd {input}"))
        .Orchestration("Chain", async (flow, input) =>
        {
            for (var i = 0; i < 4; i++)
            {
                flow.Status = $"{i}";
                input = await flow.CallAsync("Double", input);
            }

            return input;
        })
        .Orchestration("FanOut", async (flow, _) =>
        {
            var results = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => flow.CallAsync("Double", $"{i}")));
            return string.Join(',', await Task.WhenAll(results.Select(i => flow.CallAsync("Double", i))));
        })
        .Orchestration("Retries", async (flow, _) =>
        {
            var retry = new RetryOptions(TimeSpan.FromMilliseconds(1), 3);
            var good = await flow.CallAsync("Odd", "2", retry);
            try
            {
                return await flow.CallAsync("Odd", "3", retry);
            }
            catch (TaskFailedException failed)
            {
                return $"{good} {failed.FailureDetails!.ErrorMessage}";
            }
        })
        .Orchestration("Children", async (flow, _) =>
        {
            var children = Enumerable.Range(0, 3).Select(i => flow.ChildAsync("Child", $"child{i}", $"{i}")).ToList();
            var seen = new SortedSet<string>();
            while (seen.Count < 3)
            {
                var number = await flow.EventAsync("go");
                if (seen.Add(number))
                {
                    flow.Send($"child{number}", "start", $"{Number(number) + 10}");
                }
            }

            return string.Join(',', await Task.WhenAll(children));
        })
        .Orchestration("Child", async (flow, input) =>
            $"{Number(await flow.CallAsync("Double", await flow.EventAsync("start"))) + Number(input)}")
        .Orchestration("Loop", async (flow, input) =>
        {
            var heard = new SortedSet<string>(
                input.Split(' ').Where(word => word.StartsWith('n'))) { "n" + await flow.CallAsync("Double", await flow.EventAsync("go")) };
            if (heard.Count < 3)
            {
                flow.ContinueAsNew(string.Join(' ', heard));
            }

            return string.Join(' ', heard);
        })
        .Orchestration("Entities", async (flow, _) =>
        {
            flow.Signal("Counter", "a", "add", "5");
            await flow.CallEntityAsync("Counter", "b", "add", "3");
            await flow.LockAsync(("Counter", "a"), ("Counter", "b"));
            var a = await flow.CallEntityAsync("Counter", "a", "get", null);
            var b = await flow.CallEntityAsync("Counter", "b", "get", null);
            flow.Release();
            flow.Signal("Counter", "a", "delete", null);
            return $"{a} {b} {await flow.CallEntityAsync("Counter", "a", "get", null)}";
        })
        .Orchestration("Timers", async (flow, _) =>
        {
            var fired = new List<int>();
            await Task.WhenAll(((int[])[30, 10, 20]).Select(async milliseconds =>
            {
                await flow.SleepAsync(TimeSpan.FromMilliseconds(milliseconds));
                fired.Add(milliseconds);
            }));
            return string.Join(',', fired);
        })
        .Entity("Counter", (state, operation, input) => operation switch
        {
            "add" => ($"{Number(state ?? "0") + Number(input!)}", null),
            "delete" => (null, null),
            _ => (state, state),
        });

    /// <summary>
    /// How many times "go" is raised, with the numbers from 0. Sent again after a crash: each program takes a number once.
    /// </summary>
    public static int EventsOf(string program) => program is "Children" or "Loop" ? 3 : 0;

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
