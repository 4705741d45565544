using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Chard.Domain.Identity;

namespace Chard.Domain.Limits;

/// <summary>
/// Writes a limiter's state small, since every operation writes all of it: the instances once, and of each permit some 10
/// characters and its path. <c>{"i":[instances],"h":["ticks flags permit"],"q":["permit"],"z":[indexes of
/// sleepers],"t":ticks,"f":ticks,"r":rate,"b":burst}</c>, a permit being <c>instance path turn shard</c>, with <c>-</c> for the
/// first turn, for no shard, and <c>!</c> for a task without a ledger.
/// </summary>
public sealed class LimiterStateConverter : JsonConverter<LimiterState>
{
    /// <inheritdoc/>
    public override LimiterState Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        JsonElement json = JsonElement.ParseValue(ref reader);
        string[] instances = [.. Texts(json, "i")];
        var state = new LimiterState
        {
            Spent = json.TryGetProperty("t", out JsonElement spent) ? Time(spent.GetInt64()) : default,
            Free = json.TryGetProperty("f", out JsonElement free) ? Time(free.GetInt64()) : default,
            Rate = (
                json.TryGetProperty("r", out JsonElement rate) ? rate.GetDouble() : null,
                json.TryGetProperty("b", out JsonElement burst) ? burst.GetInt32() : 1),
        };
        foreach (string[] parts in Texts(json, "h").Select(h => h.Split(' ')))
        {
            state.Holdings.Add(new(
                PermitOf(parts.AsSpan(2), instances), Time(long.Parse(parts[0], CultureInfo.InvariantCulture)),
                Counts: parts[1].Contains('c', StringComparison.Ordinal), Told: parts[1].Contains('t', StringComparison.Ordinal)));
        }

        state.Queue.AddRange(Texts(json, "q").Select(q => PermitOf(q.Split(' '), instances)));
        if (json.TryGetProperty("z", out JsonElement asleep))
        {
            state.Sleepers.UnionWith(asleep.EnumerateArray().Select(z => instances[z.GetInt32()]));
        }

        return state;
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, LimiterState value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        var instances = new Dictionary<string, int>(StringComparer.Ordinal);
        string[] held = [.. value.Holdings.Select(h => string.Create(
            CultureInfo.InvariantCulture, $"{h.At.UtcTicks} {(h.Counts ? "c" : "")}{(h.Told ? "t" : "")} {Text(h.Permit, instances)}"))];
        string[] queue = [.. value.Queue.Select(p => Text(p, instances))];
        int[] asleep = [.. value.Sleepers.Select(s => Index(s, instances))];

        writer.WriteStartObject();
        WriteTexts(writer, "i", instances.Keys);
        WriteTexts(writer, "h", held);
        WriteTexts(writer, "q", queue);
        if (asleep.Length > 0)
        {
            writer.WriteStartArray("z");
            foreach (int index in asleep)
            {
                writer.WriteNumberValue(index);
            }

            writer.WriteEndArray();
        }

        if (value.Spent != default)
        {
            writer.WriteNumber("t", value.Spent.UtcTicks);
        }

        if (value.Rate.PerSecond is not null && value.Free != default)
        {
            writer.WriteNumber("f", value.Free.UtcTicks);
        }

        if (value.Rate.PerSecond is { } rate)
        {
            writer.WriteNumber("r", rate);
            writer.WriteNumber("b", value.Rate.Burst);
        }

        writer.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter writer, string name, IReadOnlyCollection<string> texts)
    {
        if (texts.Count == 0)
        {
            return;
        }

        writer.WriteStartArray(name);
        foreach (string text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }

    private static IEnumerable<string> Texts(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement texts) ? texts.EnumerateArray().Select(t => t.GetString()!) : [];

    private static string Text(Permit permit, Dictionary<string, int> instances)
    {
        string turn = permit.Turn == CallTurn.First
            ? "-"
            : string.Create(CultureInfo.InvariantCulture, $"{permit.Turn.Generation}.{permit.Turn.Attempt}.{permit.Turn.Wait}");
        string text = string.Create(CultureInfo.InvariantCulture, $"{Index(permit.Instance, instances)} {permit.Path} {turn}");
        return permit switch
        {
            { Recorded: false } => $"{text} {permit.Shard ?? "-"} !",
            { Shard: { } shard } => $"{text} {shard}",
            _ => text,
        };
    }

    private static int Index(string instance, Dictionary<string, int> instances)
    {
        if (!instances.TryGetValue(instance, out int index))
        {
            instances[instance] = index = instances.Count;
        }

        return index;
    }

    private static Permit PermitOf(ReadOnlySpan<string> parts, string[] instances)
    {
        CallTurn turn = CallTurn.First;
        if (parts[2] != "-")
        {
            int[] numbers = [.. parts[2].Split('.').Select(n => int.Parse(n, CultureInfo.InvariantCulture))];
            turn = new(numbers[0], numbers[1], numbers[2]);
        }

        return new(
            instances[int.Parse(parts[0], CultureInfo.InvariantCulture)], parts[1], turn,
            parts.Length > 3 && parts[3] != "-" ? parts[3] : null, Recorded: parts.Length < 5);
    }

    private static DateTimeOffset Time(long ticks) => new(ticks, TimeSpan.Zero);
}
