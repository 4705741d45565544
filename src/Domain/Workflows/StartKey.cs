using System.Security.Cryptography;
using System.Text;

namespace Chard.Domain.Workflows;

/// <summary>The rule for idempotency keys of starts, and the workflow id that one leads to.</summary>
public static class StartKey
{
    /// <summary>Longest key, in characters.</summary>
    public const int MaxLength = 255;

    /// <summary>What to tell a caller whose key is refused.</summary>
    public const string Rule = "An Idempotency-Key is 1 to 255 printable ASCII characters.";

    /// <summary>True if <paramref name="key"/> keeps the rule.</summary>
    public static bool IsValid(string? key) => key is { Length: >= 1 and <= MaxLength } && key.All(c => c is >= ' ' and <= '~');

    /// <summary>The id of the workflow that a key starts. Keys of different owners never meet.</summary>
    public static string ToWorkflowId(string key, string? owner)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{owner?.Length ?? -1}:{owner}{key}"));
        return "key-" + Convert.ToHexStringLower(hash.AsSpan(0, 20));
    }
}
