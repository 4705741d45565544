using Microsoft.DurableTask;

namespace Chard.KillApp.Journals;

/// <summary>
/// Leaves marks in the journal on an orchestrator's way through its code, and remembers which results it has taken. Replayed code leaves
/// none: a mark twice is a turn that ran twice.
/// </summary>
internal sealed class Track(TaskOrchestrationContext context, Journal journal, int generation = 0)
{
    private readonly List<string> _calls = [];
    private readonly List<string> _children = [];
    private readonly Dictionary<string, int> _numbers = [];
    private int _position;
    private int _call;

    /// <summary>Says that the code has come to the next place.</summary>
    public void Mark()
    {
        _position++;
        if (!context.IsReplaying)
        {
            journal.Write(new JournalLine(
                JournalKind.Mark, context.InstanceId, generation, _position, context.CurrentUtcDateTime.Ticks,
                Calls: [.. _calls], Children: [.. _children], Numbers: new Dictionary<string, int>(_numbers)));
        }

        _calls.Clear();
        _children.Clear();
        _numbers.Clear();
    }

    /// <summary>Calls <see cref="Steps.Add"/>: the value plus one. Its result counts as taken with the next mark.</summary>
    public async Task<int> StepAsync(int value, TaskOptions? options = null, int failures = 0)
    {
        string call = $"{_position}.{_call++}";
        int result = await context.CallActivityAsync<int>(
            nameof(Steps.Add), new Step(context.InstanceId, generation, _position, call, value, failures), options);
        _calls.Add(call);
        return result;
    }

    /// <summary>Runs a sub-orchestration under an id of its own.</summary>
    public async Task<int> ChildAsync(string orchestrator, string id, int input)
    {
        int result = await context.CallSubOrchestratorAsync<int>(orchestrator, input, new SubOrchestrationOptions { InstanceId = id });
        _children.Add(id);
        return result;
    }

    /// <summary>Says what number an entity has told.</summary>
    public void Told(string entity, int number) => _numbers[entity] = Math.Max(number, _numbers.GetValueOrDefault(entity));
}
