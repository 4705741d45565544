using System.Text.Json;
using System.Text.Json.Serialization;

namespace Chard.KillApp.Journals;

/// <summary>What a line of the journal tells.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<JournalKind>))]
internal enum JournalKind
{
    /// <summary>A process began. What comes after was written by it.</summary>
    Process,

    /// <summary>A turn of an orchestrator came to a place in its code, not replaying.</summary>
    Mark,

    /// <summary>An activity began.</summary>
    Activity,

    /// <summary>An entity executed an operation that adds one to its number.</summary>
    Operation,

    /// <summary>A client was told that the instance has completed.</summary>
    Completed,
}

/// <summary>One line of the journal that the kill test's app leaves behind. Compiled into the app and into the test.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Instance">The instance, or the key of the entity.</param>
/// <param name="Generation">How often the instance has continued as new.</param>
/// <param name="Position">The place in the code, counted up; of an operation the entity's number after it.</param>
/// <param name="Turn">The time of the turn in ticks, by which the turns of an instance are told apart.</param>
/// <param name="Call">Of an activity: which call of the instance it is. The call was made right after the mark of
/// <paramref name="Position"/>.</param>
/// <param name="Fails">Of an activity: whether the call fails on purpose, so that it is made again.</param>
/// <param name="Calls">Of a mark: the calls whose results the code has taken since the mark before.</param>
/// <param name="Children">Of a mark: the sub-orchestrations whose results it has taken.</param>
/// <param name="Numbers">Of a mark: the entities' numbers that it was told.</param>
internal sealed record JournalLine(
    JournalKind Kind,
    string Instance = "",
    int Generation = 0,
    int Position = 0,
    long Turn = 0,
    string? Call = null,
    bool Fails = false,
    IReadOnlyList<string>? Calls = null,
    IReadOnlyList<string>? Children = null,
    IReadOnlyDictionary<string, int>? Numbers = null)
{
    private static readonly JsonSerializerOptions Short = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault };

    /// <summary>The line as text.</summary>
    public string Write() => JsonSerializer.Serialize(this, Short);

    /// <summary>Reads a line; null if its writer was killed in the middle of it.</summary>
    public static JournalLine? Read(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<JournalLine>(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
