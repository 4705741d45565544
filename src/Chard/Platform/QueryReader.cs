using System.Globalization;
using Chard.Domain.Identity;
using Chard.Domain.Json;
using Chard.Domain.Tasks;
using Microsoft.AspNetCore.Http;

namespace Chard.Platform;

/// <summary>
/// Reads the query of a request strictly: every wrong value and every unknown name is a fault, so that no
/// typing error is taken for "all".
/// </summary>
public sealed class QueryReader
{
    /// <summary>Most items of one page.</summary>
    public const int MaxLimit = 200;

    /// <summary>Items of a page if the caller does not say.</summary>
    public const int DefaultLimit = 50;

    /// <summary>Names that belong to the host, not to us: the function key.</summary>
    private static readonly string[] HostNames = ["code", "clientId"];

    private readonly IQueryCollection _query;
    private readonly List<JsonFault> _faults = [];

    /// <summary>Takes the query of <paramref name="request"/>, which may have the names in <paramref name="known"/>, each once.</summary>
    public QueryReader(HttpRequest request, params string[] known)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(known);
        _query = request.Query;
        foreach (string name in _query.Keys)
        {
            if (!known.Contains(name, StringComparer.Ordinal) && !HostNames.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                Fault(name, known.Length == 0
                    ? $"There is no query parameter '{name}' here."
                    : $"There is no query parameter '{name}' here. There are: {string.Join(", ", known)}.");
            }
            else if (_query[name].Count > 1)
            {
                Fault(name, $"Give '{name}' once.");
            }
        }
    }

    /// <summary>400 with every fault; null if there is none.</summary>
    public IResult? Problem => _faults.Count == 0 ? null : Problems.InvalidQuery(_faults);

    /// <summary>A text of 1 to <paramref name="maxLength"/> characters; null if it is not given.</summary>
    public string? Text(string name, int maxLength = 256)
    {
        if (Value(name) is not { } text)
        {
            return null;
        }

        if (text.Length == 0 || text.Length > maxLength || text.Any(char.IsControl))
        {
            Fault(name, $"'{name}' is 1 to {maxLength} characters without control characters.");
            return null;
        }

        return text;
    }

    /// <summary>A label; null if it is not given.</summary>
    public string? Stamp(string name)
    {
        if (Value(name) is not { } text || Stamps.IsValid(text))
        {
            return Value(name);
        }

        Fault(name, $"'{name}' is one label. {Stamps.Rule}");
        return null;
    }

    /// <summary>A whole number within bounds; <paramref name="otherwise"/> if it is not given.</summary>
    public int Number(string name, int min, int max, int otherwise)
    {
        if (Value(name) is not { } text)
        {
            return otherwise;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= min && number <= max)
        {
            return number;
        }

        Fault(name, $"'{name}' is a whole number from {min} to {max}.");
        return otherwise;
    }

    /// <summary>Items of a page, as parameter <c>limit</c>.</summary>
    public int Limit() => Number("limit", 1, MaxLimit, DefaultLimit);

    /// <summary>True or false; false if it is not given.</summary>
    public bool Flag(string name)
    {
        if (Value(name) is not { } text)
        {
            return false;
        }

        if (!bool.TryParse(text, out bool flag))
        {
            Fault(name, $"'{name}' is true or false.");
        }

        return flag;
    }

    /// <summary>One of an enum's names, in camelCase; null if it is not given.</summary>
    public TEnum? OneOf<TEnum>(string name)
        where TEnum : struct, Enum
    {
        if (Value(name) is not { } text)
        {
            return null;
        }

        foreach (TEnum value in Enum.GetValues<TEnum>())
        {
            if (string.Equals(value.ToString(), text, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        string known = string.Join(", ", Enum.GetNames<TEnum>().Select(System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName));
        Fault(name, $"'{name}' is one of {known}.");
        return null;
    }

    /// <summary>A time in UTC; null if it is not given.</summary>
    public DateTimeOffset? Time(string name)
    {
        if (Value(name) is not { } text)
        {
            return null;
        }

        DateTimeOffset? time = OffsetTime.Read(text);
        if (time is null)
        {
            Fault(name, $"'{name}' is {OffsetTime.Rule}.");
        }

        return time;
    }

    /// <summary>Where a list goes on, as parameter <c>continuation</c>; null if it is not given.</summary>
    public string? Continuation()
    {
        if (Value("continuation") is not { } text)
        {
            return null;
        }

        if (NewestFirst.IsContinuation(text))
        {
            return text;
        }

        Fault("continuation", "'continuation' is what an earlier page gave, unchanged.");
        return null;
    }

    /// <summary>Where a list of tasks goes on: the position of the last one shown; null if it is not given.</summary>
    public string? Position(string name)
    {
        if (Value(name) is not { } text || TaskPath.IsValid(text))
        {
            return Value(name);
        }

        Fault(name, $"'{name}' is what an earlier page gave, unchanged.");
        return null;
    }

    /// <summary>
    /// Refuses those of <paramref name="names"/> that are given although they mean nothing without <paramref name="condition"/>.
    /// </summary>
    public void OnlyWith(bool isMet, string condition, params string[] names)
    {
        foreach (string name in names.Where(n => !isMet && Value(n) is not null))
        {
            Fault(name, $"'{name}' goes with {condition} only.");
        }
    }

    private string? Value(string name) => _query.TryGetValue(name, out Microsoft.Extensions.Primitives.StringValues values)
        ? values[0]
        : null;

    private void Fault(string name, string message) => _faults.Add(new("?" + name, message));
}
