using System.Text.Json;
using System.Text.RegularExpressions;

namespace Chard.Domain.Json;

/// <summary>What is wrong with JSON that does not fit, in words for people: the serializer's own name types of .NET.</summary>
public static partial class ReaderFault
{
    /// <summary>A sentence, without the place: that is the exception's path.</summary>
    public static string Say(JsonException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        string message = exception.Message;
        if (exception.InnerException is FormatException or InvalidOperationException && Say(exception.InnerException.Message) is { } known)
        {
            return known;
        }

        if (Conversion().Match(message) is { Success: true } conversion)
        {
            return $"The value is not {NameOf(conversion.Groups["type"].Value)}.";
        }

        if (Missing().Match(message) is { Success: true } missing)
        {
            return $"Missing: {missing.Groups["names"].Value}.";
        }

        if (Unknown().Match(message) is { Success: true } unknown)
        {
            return $"There is no member '{unknown.Groups["name"].Value}'.";
        }

        if (Null().Match(message) is { Success: true } nothing)
        {
            return $"'{JsonNamingPolicy.CamelCase.ConvertName(nothing.Groups["name"].Value)}' must not be null.";
        }

        int tail = message.IndexOf(" Path: ", StringComparison.Ordinal);
        return tail < 0 ? message : message[..tail];
    }

    /// <summary>What the reader itself says of a token, which the serializer wraps under the name of the whole.</summary>
    private static string? Say(string message) =>
        message.Contains("as a number", StringComparison.Ordinal) ? "The value is not a number."
        : message.Contains("as a string", StringComparison.Ordinal) ? "The value is not a string."
        : message.Contains("as a boolean", StringComparison.Ordinal) ? "The value is not true or false."
        : message.Contains("DateTime", StringComparison.Ordinal) ? "The value is not an ISO 8601 time."
        : message.Contains("out of bounds", StringComparison.Ordinal)
            ? "The number is out of bounds here, or has digits after a point where there can be none."
        : null;

    private static string NameOf(string type)
    {
        if (type.StartsWith("System.Nullable`1[", StringComparison.Ordinal))
        {
            type = type["System.Nullable`1[".Length..^1];
        }

        return type switch
        {
            "System.String" => "a string",
            "System.Boolean" => "true or false",
            "System.Byte" or "System.SByte"
                or "System.Int16" or "System.UInt16" or "System.Int32" or "System.UInt32" or "System.Int64" or "System.UInt64" =>
                "a whole number, or it is too large",
            "System.Single" or "System.Double" or "System.Decimal" => "a number, or it is too large",
            "System.DateTime" or "System.DateTimeOffset" => "an ISO 8601 time",
            "System.Guid" => "a UUID",
            _ when type.EndsWith("[]", StringComparison.Ordinal) || type.Contains("List`1", StringComparison.Ordinal)
                || type.Contains("Enumerable`1", StringComparison.Ordinal)
                    || type.Contains("Collection`1", StringComparison.Ordinal) => "an array that fits",
            _ => "what is expected here",
        };
    }

    [GeneratedRegex(@"^The JSON value could not be converted to (?<type>\S+?)\.?( Path: .*)?$")]
    private static partial Regex Conversion();

    [GeneratedRegex(@"missing required properties including: (?<names>.+?)\.?( Path: .*)?$")]
    private static partial Regex Missing();

    [GeneratedRegex(@"^The JSON property '(?<name>.*?)' could not be mapped to any \.NET member")]
    private static partial Regex Unknown();

    [GeneratedRegex(@"'(?<name>[^']*)' on type '[^']*' doesn't allow (getting |setting )?null")]
    private static partial Regex Null();
}
