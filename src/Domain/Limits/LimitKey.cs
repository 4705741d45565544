namespace Chard.Domain.Limits;

/// <summary>The name of a limit. Case does not matter, as in all settings.</summary>
public static class LimitKey
{
    /// <summary>Characters of a key, at most.</summary>
    public const int MaxLength = 64;

    /// <summary>The rule, for messages.</summary>
    public const string Rule = "1 to 64 of A-Z a-z 0-9 . _ -";

    /// <summary>True if <paramref name="key"/> may name a limit.</summary>
    public static bool IsValid(string? key) =>
        key is { Length: > 0 and <= MaxLength } && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.');

    /// <summary>One spelling for all: what the limiter of <paramref name="key"/> is found by.</summary>
    public static string Canonical(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.ToUpperInvariant();
    }
}
