using FsCheck;
using FsCheck.Fluent;
using Microsoft.DurableTask;

namespace Chard.Emulator.Tests.Engine;

/// <summary>A step of a random program.</summary>
public abstract record Step
{
    public sealed record Work(int Value) : Step;

    public sealed record Fail(int Value, bool Retried) : Step;

    public sealed record Timer(int Milliseconds) : Step;

    public sealed record Event : Step;

    public sealed record Identity : Step;

    public sealed record Sequence(IReadOnlyList<Step> Steps) : Step
    {
        public override string ToString() => $"[{string.Join("; ", Steps)}]";
    }

    public sealed record Parallel(IReadOnlyList<Step> Steps) : Step
    {
        public override string ToString() => $"({string.Join(" | ", Steps)})";
    }

    public sealed record Caught(Step Inner) : Step;
}

/// <summary>Random programs, and the orchestrator that runs one.</summary>
public static class Programs
{
    /// <summary>Events that are raised for each program; one that waits for more would never end, so the generator stays below.</summary>
    public const int MostEvents = 40;

    private static readonly Gen<Step> Leaf = Gen.Frequency(
        (4, Gen.Choose(0, 9).Select(Step (value) => new Step.Work(value))),
        (1, Gen.Choose(0, 9).Zip(Gen.Elements(true, false)).Select(Step (pair) => new Step.Fail(pair.Item1, pair.Item2))),
        (1, Gen.Choose(0, 2).Select(Step (value) => new Step.Timer(value))),
        (1, Gen.Constant<Step>(new Step.Event())),
        (1, Gen.Constant<Step>(new Step.Identity())));

    public static Arbitrary<Step> Arbitrary { get; } = Gen.Sized(size => Nested(Math.Min(size / 10, 3))).Where(program => EventsOf(program) <= MostEvents).ToArbitrary();

    /// <summary>The result, or the failure without the task's id: ids depend on which of several parallel tasks ended first.</summary>
    public static async Task<string> RunWholeAsync(Step step, TaskOrchestrationContext context)
    {
        try
        {
            return await RunAsync(step, context);
        }
        catch (TaskFailedException failed)
        {
            return $"failed: {failed.FailureDetails.ErrorMessage}";
        }
    }

    private static async Task<string> RunAsync(Step step, TaskOrchestrationContext context)
    {
        switch (step)
        {
            case Step.Work work:
                return $"{await context.CallActivityAsync<int>("Work", work.Value)}";
            case Step.Fail fail:
                var options = fail.Retried ? TaskOptions.FromRetryPolicy(new RetryPolicy(2, TimeSpan.FromMilliseconds(1))) : null;
                return $"{await context.CallActivityAsync<int>("Fail", fail.Value, options)}";
            case Step.Timer timer:
                await context.CreateTimer(TimeSpan.FromMilliseconds(timer.Milliseconds), CancellationToken.None);
                return "t";
            case Step.Event:
                return $"e{await context.WaitForExternalEvent<int>("e")}";
            case Step.Identity:
                return context.NewGuid() == context.NewGuid() ? "same" : "g";
            case Step.Sequence sequence:
                var parts = new List<string>();
                foreach (var next in sequence.Steps)
                {
                    parts.Add(await RunAsync(next, context));
                }

                return $"[{string.Join(",", parts)}]";
            case Step.Parallel parallel:
                return $"({string.Join("|", await Task.WhenAll(parallel.Steps.Select(next => RunAsync(next, context))))})";
            case Step.Caught caught:
                try
                {
                    return await RunAsync(caught.Inner, context);
                }
                catch (TaskFailedException failed)
                {
                    return $"<{failed.FailureDetails.ErrorMessage}>";
                }

            default:
                throw new ArgumentException($"Unknown step {step}.", nameof(step));
        }
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
        _ => 0,
    };
}
