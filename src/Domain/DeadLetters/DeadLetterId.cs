using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Chard.Domain.DeadLetters;

/// <summary>Ids of dead letters: deterministic, so that a repeated write hits its own row, and valid in URLs and as row keys.</summary>
public static partial class DeadLetterId
{
    /// <summary>Longest id, in characters.</summary>
    public const int MaxLength = 200;

    /// <summary>What to tell a caller whose id is refused.</summary>
    public const string Rule = "The id of a dead letter is 1 to 200 characters of A-Z, a-z, 0-9, '.', '_', '~' and '-'.";

    /// <summary>
    /// Id of the failure of the task at <paramref name="path"/> in its <paramref name="generation"/>:
    /// <c>{workflowId}.{path}.{generation}</c>, other characters as <c>~</c> and their hex code, and the
    /// middle hashed if it grows too long.
    /// </summary>
    public static string OfTask(string workflowId, string path, int generation)
    {
        ArgumentException.ThrowIfNullOrEmpty(workflowId);
        ArgumentNullException.ThrowIfNull(path);
        string tail = "." + generation.ToString(CultureInfo.InvariantCulture);
        string id = Escape($"{workflowId}.{path}") + tail;
        return id.Length <= MaxLength
            ? id
            : Escape(workflowId) + ".sha~" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)))[..32] + tail;
    }

    /// <summary>Id of a start message that could not be made a workflow. It has no dot, as every task's id has.</summary>
    /// <param name="messageId">The queue's id of the message.</param>
    public static string OfMessage(string messageId)
    {
        ArgumentException.ThrowIfNullOrEmpty(messageId);
        return "message-" + Escape(messageId);
    }

    /// <summary>
    /// Id of the workflow that a retry of dead letter <paramref name="id"/> starts, if none waits for it: always
    /// the same, so that it starts once.
    /// </summary>
    public static string WorkflowOf(string id)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return "retry-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)).AsSpan(0, 20));
    }

    /// <summary>True if <paramref name="id"/> can be an id at all.</summary>
    public static bool IsValid(string? id) => id is not null && Pattern().IsMatch(id);

    private static string Escape(string text)
    {
        var safe = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            if (char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-')
            {
                safe.Append(c);
            }
            else
            {
                safe.Append('~').Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
            }
        }

        return safe.ToString();
    }

    [GeneratedRegex(@"\A[A-Za-z0-9._~-]{1,200}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
