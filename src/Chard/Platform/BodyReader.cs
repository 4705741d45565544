using System.Text.Json;
using Chard.Domain.Identity;
using Chard.Domain.Json;
using Microsoft.AspNetCore.Http;

namespace Chard.Platform;

/// <summary>Reads a small JSON object from a request strictly: every wrong type and every unknown member is a fault.</summary>
public sealed class BodyReader
{
    /// <summary>Largest body, in bytes: 256 KiB.</summary>
    public const int MaxBytes = 256 * 1024;

    private readonly JsonElement _document;
    private readonly List<JsonFault> _faults;
    private readonly IResult? _unreadable;

    private BodyReader(JsonElement document, List<JsonFault> faults, IResult? unreadable) =>
        (_document, _faults, _unreadable) = (document, faults, unreadable);

    /// <summary>400 with every fault, or 413; null if there is none.</summary>
    public IResult? Problem => _unreadable ?? (_faults.Count == 0 ? null : Problems.InvalidBody([.. _faults]));

    /// <summary>Reads the body, which may be empty and may have the members in <paramref name="known"/>.</summary>
    public static async Task<BodyReader> ReadAsync(
        HttpRequest request,
        IReadOnlyCollection<string> known,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(known);
        JsonElement nothing = JsonElement.Parse("{}");
        if (await JsonBody.ReadAsync(request, MaxBytes, cancellationToken) is not { } body)
        {
            return new(nothing, [], Problems.BodyTooLarge(MaxBytes));
        }

        if (body.Length == 0)
        {
            return new(nothing, [], null);
        }

        if (!StrictJson.TryParse(body, out JsonElement document, out string? fault))
        {
            return new(nothing, [new("", $"The body is not JSON: {fault}")], null);
        }

        return document.ValueKind != JsonValueKind.Object
            ? new(nothing, [new("", $"The body is a JSON object of {string.Join(", ", known)}.")], null)
            : new(document, [.. document.EnumerateObject()
                .Where(p => !known.Contains(p.Name, StringComparer.Ordinal))
                .Select(
                    p => new JsonFault("/" + p.Name, $"There is no member '{p.Name}'. There are: {string.Join(", ", known)}."))], null);
    }

    /// <summary>Any JSON value; null if it is not given. JSON null counts as given.</summary>
    public JsonElement? Json(string member) => _document.TryGetProperty(member, out JsonElement value) ? value : null;

    /// <summary>A text of 1 to <paramref name="maxLength"/> characters; null if it is not given.</summary>
    public string? Text(string member, int maxLength = 256)
    {
        if (Given(member) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            && text.Length <= maxLength && !text.Any(char.IsControl))
        {
            return text;
        }

        Fault(member, $"'{member}' is a string of 1 to {maxLength} characters without control characters.");
        return null;
    }

    /// <summary>A label; null if it is not given.</summary>
    public string? Stamp(string member)
    {
        if (Given(member) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.String && value.GetString() is { } text && Stamps.IsValid(text))
        {
            return text;
        }

        Fault(member, $"'{member}' is one label. {Stamps.Rule}");
        return null;
    }

    /// <summary>One of some values of an enum, by its name in camelCase; null if it is not given.</summary>
    public TEnum? OneOf<TEnum>(string member, IReadOnlyCollection<TEnum> values)
        where TEnum : struct, Enum
    {
        ArgumentNullException.ThrowIfNull(values);
        if (Given(member) is not { } value)
        {
            return null;
        }

        foreach (TEnum known in values)
        {
            if (value.ValueKind == JsonValueKind.String
                && string.Equals(known.ToString(), value.GetString(), StringComparison.OrdinalIgnoreCase))
            {
                return known;
            }
        }

        Fault(
            member, $"'{member}' is one of {string.Join(", ", values.Select(v => JsonNamingPolicy.CamelCase.ConvertName(v.ToString())))}.");
        return null;
    }

    /// <summary>Where a list goes on, as member <c>continuation</c>; null if it is not given.</summary>
    public string? Continuation()
    {
        string? text = Text("continuation", 300);
        if (text is null || NewestFirst.IsContinuation(text))
        {
            return text;
        }

        Fault("continuation", "'continuation' is what an earlier call gave, unchanged.");
        return null;
    }

    /// <summary>A whole number within bounds; <paramref name="otherwise"/> if it is not given.</summary>
    public int Number(string member, int min, int max, int otherwise)
    {
        if (Given(member) is not { } value)
        {
            return otherwise;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number >= min && number <= max)
        {
            return number;
        }

        Fault(member, $"'{member}' is a whole number from {min} to {max}.");
        return otherwise;
    }

    /// <summary>True or false; false if it is not given.</summary>
    public bool Flag(string member)
    {
        if (Given(member) is not { } value)
        {
            return false;
        }

        if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            Fault(member, $"'{member}' is true or false.");
        }

        return value.ValueKind == JsonValueKind.True;
    }

    /// <summary>A time in UTC; null if it is not given.</summary>
    public DateTimeOffset? Time(string member)
    {
        if (Given(member) is not { } value)
        {
            return null;
        }

        DateTimeOffset? time = OffsetTime.Read(value);
        if (time is null)
        {
            Fault(member, $"'{member}' is {OffsetTime.Rule}.");
        }

        return time;
    }

    /// <summary>Adds a fault of the caller's own finding.</summary>
    public void Fault(string member, string message) => _faults.Add(new(member.Length == 0 ? "" : "/" + member, message));

    private JsonElement? Given(string member) =>
        Json(member) is { ValueKind: not JsonValueKind.Null } value ? value : null;
}
