using Chard.KillApp.Journals;

namespace Chard.EndToEnd.Tests.Kills;

/// <summary>
/// Reads a journal from its start and names what must not be: a finished turn that ran again. A turn may run twice if the process ended
/// before its commit, so the ledger counts a turn as finished only when something that comes after its commit has been seen: an activity
/// that it called, a later turn of the instance, a parent that took the result, an answer of an entity, or a client that was told of the
/// end.
/// </summary>
internal sealed class TurnLedger
{
    private readonly Dictionary<string, Instance> _instances = [];
    private readonly Dictionary<string, Number> _numbers = [];
    private readonly List<string> _faults = [];
    private readonly List<string> _retried = [];
    private int _process;

    /// <summary>What was found, a sentence each. Empty if all is well.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>How many turns were found to be finished.</summary>
    public int FinishedTurns { get; private set; }

    /// <summary>How many turns ran a second time because the process ended before they were finished.</summary>
    public int RetriedTurns { get; private set; }

    /// <summary>How many activities began again in a later process, because their results had not been taken.</summary>
    public int RetriedCalls { get; private set; }

    /// <summary>Each of those turns and activities, in words.</summary>
    public IReadOnlyList<string> Retried => _retried;

    /// <summary>Reads a whole journal.</summary>
    public static TurnLedger Read(IEnumerable<JournalLine> lines)
    {
        var ledger = new TurnLedger();
        foreach (JournalLine line in lines)
        {
            ledger.Add(line);
        }

        return ledger;
    }

    private void Add(JournalLine line)
    {
        switch (line.Kind)
        {
            case JournalKind.Process:
                _process++;
                break;
            case JournalKind.Mark:
                Mark(line, Of(line.Instance));
                break;
            case JournalKind.Activity:
                Activity(line, Of(line.Instance));
                break;
            case JournalKind.Operation:
                Operation(line);
                break;
            case JournalKind.Completed:
                Close(line.Instance);
                break;
        }
    }

    private void Mark(JournalLine line, Instance instance)
    {
        if (instance.IsClosed)
        {
            Fault(line, "has completed and runs again");
            return;
        }

        Place(line, instance);
        instance.Pending.Add(line);
        foreach (string child in line.Children ?? [])
        {
            Close(child);
        }

        foreach ((string key, int number) in line.Numbers ?? new Dictionary<string, int>())
        {
            Number told = NumberOf(key);
            told.Told = Math.Max(told.Told, number);
        }
    }

    // Finds out what the turn before has become, now that there is this mark.
    private void Place(JournalLine line, Instance instance)
    {
        if (instance.Process == _process)
        {
            // The engine may begin the next generation before it commits: the two turns stand and fall together.
            if (instance.Pending is [.., var last] && last.Turn != line.Turn
                && !(line.Generation == last.Generation + 1 && line.Position == 1))
            {
                Finish(instance);
            }
        }
        else if (instance.Pending.FindIndex(
            mark => mark.Generation == line.Generation && mark.Position == line.Position) is var again and >= 0)
        {
            // What was done in that turn before this mark was done again as well, without a mark, or the turn began here.
            RetriedTurns++;
            _retried.Add($"{line.Instance} at {line.Generation}/{line.Position}");
            List<JournalLine> lost = instance.Pending[again..];
            instance.Pending.RemoveRange(again, lost.Count);
            if (instance.Pending is [.., var before] && before.Turn == lost[0].Turn)
            {
                Fault(line, "begins in the middle of a turn that ran in another process");
            }

            Finish(instance);
        }
        else
        {
            Finish(instance);
        }

        instance.Process = _process;
        (int generation, int position) = instance.Place;
        bool isNext = line.Generation == generation
            ? line.Position == position + 1 : line.Generation == generation + 1 && line.Position == 1;
        if (!isNext)
        {
            bool isPast = line.Generation < generation || (line.Generation == generation && line.Position <= position);
            Fault(
                line, isPast ? $"was past this place, at {generation}/{position}, in a turn that had finished"
                    : $"skips places: it was at {generation}/{position}");
        }
    }

    private void Activity(JournalLine line, Instance instance)
    {
        if (instance.IsClosed)
        {
            Fault(line, "has completed and its activity runs again");
            return;
        }

        if (instance.Pending.Exists(mark => mark.Generation == line.Generation && mark.Position == line.Position))
        {
            // Only a commit lets activities out.
            Finish(instance);
        }

        if (line.Generation != instance.Generation)
        {
            Fault(line, $"is in generation {instance.Generation}, and an activity of another one runs");
        }
        else if (line.Position > instance.Finished)
        {
            Fault(line, "runs an activity that no turn has called");
        }
        else
        {
            if (instance.Taken.Contains(line.Call!))
            {
                Fault(line, $"has taken the result of call {line.Call} in a turn that had finished, and the activity runs again");
            }
            else if (!line.Fails && instance.Begun.TryGetValue(line.Call!, out int process) && process != _process)
            {
                RetriedCalls++;
                _retried.Add(
                    $"{line.Instance}, call {line.Call} of generation {line.Generation}, begun in process {process} and {_process}");
            }

            instance.Begun[line.Call!] = _process;
        }
    }

    private void Operation(JournalLine line)
    {
        Number number = NumberOf(line.Instance);
        bool isNext = number.Process == _process
            ? line.Position == number.Last + 1 : line.Position > number.Told && line.Position <= number.Last + 1;
        if (!isNext)
        {
            Fault(line, $"was at {number.Last}, {number.Told} of it told, and cannot come to this number");
        }

        number.Process = _process;
        number.Last = line.Position;
    }

    private void Close(string id)
    {
        Instance instance = Of(id);
        Finish(instance);
        instance.IsClosed = true;
    }

    private void Finish(Instance instance)
    {
        if (instance.Pending.Count == 0)
        {
            return;
        }

        FinishedTurns += instance.Pending.DistinctBy(mark => mark.Turn).Count();
        foreach (JournalLine mark in instance.Pending)
        {
            if (mark.Generation > instance.Generation)
            {
                instance.BeginGeneration(mark.Generation);
            }

            instance.Finished = mark.Position;
            instance.Taken.UnionWith(mark.Calls ?? []);
        }

        instance.Pending.Clear();
    }

    private void Fault(JournalLine line, string what) =>
        _faults.Add($"Process {_process}: {line.Kind} of {line.Instance} at {line.Generation}/{line.Position}: it {what}.");

    private Instance Of(string id) => _instances.TryGetValue(id, out Instance? found) ? found : _instances[id] = new Instance();

    private Number NumberOf(string key) => _numbers.TryGetValue(key, out Number? found) ? found : _numbers[key] = new Number();

    private sealed class Instance
    {
        public int Generation { get; private set; }

        /// <summary>The last place the code has come to, in a finished turn or not.</summary>
        public (int Generation, int Position) Place =>
            Pending is [.., var last] ? (last.Generation, last.Position) : (Generation, Finished);

        /// <summary>The last place of a finished turn.</summary>
        public int Finished { get; set; }

        /// <summary>
        /// The marks of the last commit, of which nobody knows yet whether it was made: of one turn, or of several generations' turns.
        /// </summary>
        public List<JournalLine> Pending { get; } = [];

        /// <summary>The process that left them.</summary>
        public int Process { get; set; }

        /// <summary>Calls whose results are in finished turns.</summary>
        public HashSet<string> Taken { get; } = [];

        /// <summary>Calls that have begun, and the process that ran them last.</summary>
        public Dictionary<string, int> Begun { get; } = [];

        public bool IsClosed { get; set; }

        public void BeginGeneration(int generation)
        {
            Generation = generation;
            Finished = 0;
            Taken.Clear();
            Begun.Clear();
        }
    }

    private sealed class Number
    {
        public int Last { get; set; }

        /// <summary>The highest that an orchestrator was told: the operation is committed.</summary>
        public int Told { get; set; }

        public int Process { get; set; }
    }
}
