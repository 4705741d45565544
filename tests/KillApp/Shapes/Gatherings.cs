using Chard.KillApp.Journals;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Chard.KillApp.Shapes;

/// <summary>Orchestrators in which several things go on at once.</summary>
internal sealed class Gatherings(Journal journal)
{
    /// <summary>Twelve steps at once, taken as they come, then six, taken together. Gives 12 · (input + 1) + 6.</summary>
    [Function(nameof(FanOut))]
    public async Task<int> FanOut([OrchestrationTrigger] TaskOrchestrationContext context, int input)
    {
        var track = new Track(context, journal);
        track.Mark();
        List<Task<int>> running = [.. Enumerable.Range(0, 12).Select(_ => track.StepAsync(input))];
        int sum = 0;
        while (running.Count > 0)
        {
            Task<int> first = await Task.WhenAny(running);
            running.Remove(first);
            sum += await first;
            track.Mark();
        }

        int[] more = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => track.StepAsync(0)));
        track.Mark();
        return sum + more.Sum();
    }

    /// <summary>Two children at once and a third after them, each with a chain of five. Gives 3 · (input + 5).</summary>
    [Function(nameof(Family))]
    public async Task<int> Family([OrchestrationTrigger] TaskOrchestrationContext context, int input)
    {
        var track = new Track(context, journal);
        track.Mark();
        int[] twins = await Task.WhenAll(
            Enumerable.Range(0, 2).Select(i => track.ChildAsync(nameof(Sequences.Chain), $"{context.InstanceId}-{i}", input)));
        track.Mark();
        int last = await track.ChildAsync(nameof(Sequences.Chain), $"{context.InstanceId}-2", input);
        track.Mark();
        return twins.Sum() + last;
    }

    /// <summary>Three rounds of a number sent to a child and its answer awaited. Gives input + 3.</summary>
    [Function(nameof(Talk))]
    public async Task<int> Talk([OrchestrationTrigger] TaskOrchestrationContext context, int input)
    {
        var track = new Track(context, journal);
        track.Mark();
        string other = $"{context.InstanceId}-answers";
        Task<int> child = track.ChildAsync(nameof(Answers), other, 3);
        int value = input;
        for (int round = 0; round < 3; round++)
        {
            context.SendEvent(other, "question", value);
            value = await context.WaitForExternalEvent<int>("answer");
            track.Mark();
        }

        await child;
        track.Mark();
        return value;
    }

    /// <summary>Answers its parent's numbers with the next ones, as often as its input says.</summary>
    [Function(nameof(Answers))]
    public async Task<int> Answers([OrchestrationTrigger] TaskOrchestrationContext context, int input)
    {
        var track = new Track(context, journal);
        for (int round = 0; round < input; round++)
        {
            track.Mark();
            int question = await context.WaitForExternalEvent<int>("question");
            track.Mark();
            context.SendEvent(context.Parent!.InstanceId, "answer", await track.StepAsync(question));
        }

        track.Mark();
        return input;
    }

    /// <summary>
    /// Takes numbered events from outside until it has all; a number may come twice, as its sender cannot know whether it came. Gives their
    /// sum.
    /// </summary>
    [Function(nameof(Collect))]
    public async Task<int> Collect([OrchestrationTrigger] TaskOrchestrationContext context, int input)
    {
        var track = new Track(context, journal);
        track.Mark();
        var seen = new HashSet<int>();
        while (seen.Count < input)
        {
            seen.Add(await context.WaitForExternalEvent<int>("number"));
            track.Mark();
        }

        return seen.Sum();
    }
}
