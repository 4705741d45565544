using System.Globalization;
using DurableTask.Core;
using DurableTask.Core.Exceptions;

namespace Chard.DurableTask.Sqlite.Tests;

/// <summary>The orchestrations, activities and entities that the facts on both providers run.</summary>
internal static class BothCode
{
    public static Code Make()
    {
        var flaky = new System.Collections.Concurrent.ConcurrentDictionary<string, int>();
        return new Code()
            .Activity("Double", input => $"{2 * Number(input)}")
            .Activity("Fail", string (input) => throw new TimeoutException($"f{input}"))
            .Activity("Flaky", input =>
                flaky.AddOrUpdate(input, 1, (_, count) => count + 1) < 3 ? throw new TimeoutException("not yet") : "at last")
            .Orchestration("Chain", async (flow, input) =>
                await flow.CallAsync("Double", await flow.CallAsync("Double", await flow.CallAsync("Double", input))))
            .Orchestration("FanOut", async (flow, input) =>
                string.Join(',', await Task.WhenAll(
                    Enumerable.Range(0, Number(input)).Select(i => flow.CallAsync("Double", $"{i}")))))
            .Orchestration("Failing", async (flow, input) => await flow.CallAsync("Fail", input))
            .Orchestration("Catching", async (flow, input) =>
            {
                try
                {
                    return await flow.CallAsync("Fail", input);
                }
                catch (TaskFailedException failed)
                {
                    return $"caught {failed.FailureDetails!.ErrorType} {failed.FailureDetails.ErrorMessage}";
                }
            })
            .Orchestration("Retrying", (flow, input) => flow.CallAsync("Flaky", input, new RetryOptions(TimeSpan.FromMilliseconds(10), 5)))
            .Orchestration("Parent", async (flow, input) =>
            {
                try
                {
                    return $"child: {await flow.ChildAsync(input.Split(' ')[0], input.Split(' ')[1], input.Split(' ')[2])}";
                }
                catch (SubOrchestrationFailedException failed)
                {
                    return $"child failed: {failed.FailureDetails?.ErrorMessage ?? failed.Message}";
                }
            })
            .Orchestration("Sleep", async (flow, input) =>
            {
                var due = flow.Now + TimeSpan.FromMilliseconds(Number(input));
                await flow.Context.CreateTimer(due, true);
                return $"{(flow.Now - due).TotalMilliseconds}";
            })
            .Orchestration("Listen", async (flow, input) =>
            {
                flow.Status = "listening";
                var heard = new List<string>();
                for (var i = Number(input); i > 0; i--)
                {
                    heard.Add(await flow.EventAsync("e"));
                    flow.Status = $"heard {heard.Count}";
                }

                return string.Join(',', heard);
            })
            .Orchestration("Loop", async (flow, input) =>
            {
                var heard = input + await flow.EventAsync("e") + await flow.CallAsync("Double", "1");
                if (heard.Length < 10)
                {
                    flow.ContinueAsNew(heard);
                }

                return heard;
            })
            .Orchestration("Counting", async (flow, input) =>
            {
                var keys = input.Split(' ');
                flow.Signal("Counter", keys[0], "add", "5");
                flow.Signal("Counter", keys[0], "add", "7");
                return await flow.CallEntityAsync("Counter", keys[0], "get", null) ?? "null";
            })
            .Orchestration("Later", async (flow, input) =>
            {
                flow.Signal("Counter", input, "add", "9", TimeSpan.FromSeconds(1));
                var first = await flow.CallEntityAsync("Counter", input, "get", null);
                while (await flow.CallEntityAsync("Counter", input, "get", null) == first)
                {
                    await flow.SleepAsync(TimeSpan.FromMilliseconds(200));
                }

                return $"{first ?? "null"} then {await flow.CallEntityAsync("Counter", input, "get", null)}";
            })
            .Orchestration("Transfer", async (flow, input) =>
            {
                var keys = input.Split(' ');
                await flow.LockAsync(("Counter", keys[0]), ("Counter", keys[1]));
                var balance = Number(await flow.CallEntityAsync("Counter", keys[0], "get", null) ?? "0");
                await flow.CallEntityAsync("Counter", keys[0], "set", $"{balance - 1}");
                balance = Number(await flow.CallEntityAsync("Counter", keys[1], "get", null) ?? "0");
                await flow.CallEntityAsync("Counter", keys[1], "set", $"{balance + 1}");
                flow.Release();
                return "moved";
            })
            .Orchestration("Ask", async (flow, input) =>
            {
                var words = input.Split(' ');
                return $"{await flow.CallEntityAsync("Counter", words[0], words[1], words.ElementAtOrDefault(2))}";
            })
            .Orchestration("Program", (flow, input) => Programs.RunWholeAsync(Programs.Read(input), flow))
            .Activity("Work", input => $"w{input}")
            .Entity("Counter", (state, operation, input) => operation switch
            {
                "add" => ($"{Number(state ?? "0") + Number(input!)}", null),
                "set" => (input, null),
                "delete" => (null, null),
                _ => (state, state),
            });
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
