using System.Text.Json;
using System.Text.Json.Serialization;
using DurableTask.Core;
using DurableTask.Core.Exceptions;
using FsCheck;
using FsCheck.Fluent;

namespace Chard.DurableTask.Sqlite.Tests;

/// <summary>A step of a random program.</summary>
[JsonDerivedType(typeof(Work), "w")]
[JsonDerivedType(typeof(Fail), "f")]
[JsonDerivedType(typeof(Timer), "t")]
[JsonDerivedType(typeof(Event), "e")]
[JsonDerivedType(typeof(Child), "c")]
[JsonDerivedType(typeof(Sequence), "s")]
[JsonDerivedType(typeof(Parallel), "p")]
[JsonDerivedType(typeof(Caught), "k")]
public abstract record Step
{
    public sealed record Work(int Value) : Step;

    public sealed record Fail(int Value, bool Retried) : Step;

    public sealed record Timer(int Milliseconds) : Step;

    public sealed record Event : Step;

    public sealed record Child(Step Inner) : Step;

    public sealed record Sequence(IReadOnlyList<Step> Steps) : Step;

    public sealed record Parallel(IReadOnlyList<Step> Steps) : Step;

    public sealed record Caught(Step Inner) : Step;
}

/// <summary>Random programs, an orchestration that runs one, and what it must give.</summary>
public static class Programs
{
    /// <summary>Events that are raised for each program; one that waits for more would never end, so the generator stays below.</summary>
    public const int MostEvents = 20;

    private static readonly Gen<Step> Leaf = Gen.Frequency(
        (4, Gen.Choose(0, 9).Select(Step (value) => new Step.Work(value))),
        (1, Gen.Choose(0, 9).Zip(Gen.Elements(true, false)).Select(Step (pair) => new Step.Fail(pair.Item1, pair.Item2))),
        (1, Gen.Choose(0, 2).Select(Step (value) => new Step.Timer(value))),
        (1, Gen.Constant<Step>(new Step.Event())));

    public static Arbitrary<Step> Arbitrary { get; } =
        Gen.Sized(size => Nested(Math.Min(1 + (size / 15), 3))).Where(program => EventsOf(program) <= MostEvents).ToArbitrary();

    public static string Write(Step step) => JsonSerializer.Serialize(step);

    public static Step Read(string json) => JsonSerializer.Deserialize<Step>(json)!;

    /// <summary>
    /// What a program gives, by plain evaluation: work gives its value, an event 7, and the first failure in the order of the text wins.
    /// </summary>
    public static string Evaluate(Step step)
    {
        var (value, failure) = Of(step);
        return failure is null ? value : $"failed: {failure}";
    }

    internal static async Task<string> RunWholeAsync(Step step, Flow flow)
    {
        try
        {
            return await RunAsync(step, flow, "c");
        }
        catch (OrchestrationException failed)
        {
            return $"failed: {failed.FailureDetails!.ErrorMessage}";
        }
    }

    private static async Task<string> RunAsync(Step step, Flow flow, string path)
    {
        switch (step)
        {
            case Step.Work work:
                return await flow.CallAsync("Work", $"{work.Value}");
            case Step.Fail { Retried: true } fail:
                return await flow.CallAsync("Fail", $"{fail.Value}", new RetryOptions(TimeSpan.FromMilliseconds(1), 2));
            case Step.Fail fail:
                return await flow.CallAsync("Fail", $"{fail.Value}");
            case Step.Timer timer:
                await flow.SleepAsync(TimeSpan.FromMilliseconds(timer.Milliseconds));
                return "t";
            case Step.Event:
                return $"e{await flow.EventAsync("e")}";
            case Step.Child child:
                return await flow.ChildAsync("Program", $"{flow.Context.OrchestrationInstance.InstanceId}-{path}", Write(child.Inner));
            case Step.Sequence sequence:
                var parts = new List<string>();
                foreach (var next in sequence.Steps)
                {
                    parts.Add(await RunAsync(next, flow, $"{path}{parts.Count}"));
                }

                return $"[{string.Join(",", parts)}]";
            case Step.Parallel parallel:
                var branches = await Task.WhenAll(parallel.Steps.Select((next, index) => RunAsync(next, flow, $"{path}{index}")));
                return $"({string.Join("|", branches)})";
            case Step.Caught caught:
                try
                {
                    return await RunAsync(caught.Inner, flow, $"{path}k");
                }
                catch (OrchestrationException failed)
                {
                    return $"<{failed.FailureDetails!.ErrorMessage}>";
                }

            default:
                throw new ArgumentException($"Unknown step {step}.", nameof(step));
        }
    }

    private static (string Value, string? Failure) Of(Step step)
    {
        switch (step)
        {
            case Step.Work work:
                return ($"w{work.Value}", null);
            case Step.Fail fail:
                return (string.Empty, $"f{fail.Value}");
            case Step.Timer:
                return ("t", null);
            case Step.Event:
                return ("e7", null);
            case Step.Child child:
                return (Evaluate(child.Inner), null);
            case Step.Caught caught:
                var (value, failure) = Of(caught.Inner);
                return (failure is null ? value : $"<{failure}>", null);
            case Step.Sequence sequence:
                var (values, failed) = All(sequence.Steps);
                return ($"[{string.Join(",", values)}]", failed);
            case Step.Parallel parallel:
                var (branches, first) = All(parallel.Steps);
                return ($"({string.Join("|", branches)})", first);
            default:
                throw new ArgumentException($"Unknown step {step}.", nameof(step));
        }
    }

    private static (IEnumerable<string> Values, string? Failure) All(IEnumerable<Step> steps)
    {
        var parts = steps.Select(Of).ToList();
        return (parts.Select(part => part.Value), parts.Select(part => part.Failure).FirstOrDefault(failure => failure is not null));
    }

    private static Gen<Step> Nested(int depth)
    {
        if (depth == 0)
        {
            return Leaf;
        }

        var inner = Nested(depth - 1);
        return Gen.Frequency(
            (2, Leaf),
            (2, Several(inner).Select(Step (steps) => new Step.Sequence(steps))),
            (2, Several(inner).Select(Step (steps) => new Step.Parallel(steps))),
            (1, inner.Where(step => EventsOf(step) == 0).Select(Step (step) => new Step.Child(step))),
            (1, inner.Select(Step (step) => new Step.Caught(step))));
    }

    private static Gen<IReadOnlyList<Step>> Several(Gen<Step> inner) =>
        Gen.Choose(1, 4).SelectMany(count => inner.ListOf(count)).Select(IReadOnlyList<Step> (steps) => [.. steps]);

    private static int EventsOf(Step step) => step switch
    {
        Step.Event => 1,
        Step.Sequence sequence => sequence.Steps.Sum(EventsOf),
        Step.Parallel parallel => parallel.Steps.Sum(EventsOf),
        Step.Caught caught => EventsOf(caught.Inner),
        Step.Child child => EventsOf(child.Inner),
        _ => 0,
    };
}
