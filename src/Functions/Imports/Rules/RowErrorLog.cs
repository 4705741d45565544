using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Chard.Functions.Imports.Rules;

/// <summary>Row errors as a document: one <c>{"line","reason"}</c> a line, in the order of lines, in UTF-8.</summary>
public static class RowErrorLog
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes errors.</summary>
    public static void Write(Stream destination, IEnumerable<RowError> errors)
    {
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentNullException.ThrowIfNull(errors);
        foreach (var error in errors)
        {
            JsonSerializer.Serialize(destination, error, Readable);
            destination.WriteByte((byte)'\n');
        }
    }

    /// <summary>Reads errors back.</summary>
    public static async IAsyncEnumerable<RowError> ReadAsync(
        Stream source,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var reader = new StreamReader(source, Encoding.UTF8);
        while (await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            yield return JsonSerializer.Deserialize<RowError>(line)!;
        }
    }

    /// <summary>Makes one sequence in the order of lines out of two that are, and ends it after <paramref name="limit"/> errors.</summary>
    public static async IAsyncEnumerable<RowError> MergeAsync(
        IAsyncEnumerable<RowError> first,
        IAsyncEnumerable<RowError> second,
        int limit)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        await using var a = first.GetAsyncEnumerator();
        await using var b = second.GetAsyncEnumerator();
        var hasA = await a.MoveNextAsync().ConfigureAwait(false);
        var hasB = await b.MoveNextAsync().ConfigureAwait(false);
        for (var left = limit; left > 0 && (hasA || hasB); left--)
        {
            if (hasA && (!hasB || a.Current.Line <= b.Current.Line))
            {
                yield return a.Current;
                hasA = await a.MoveNextAsync().ConfigureAwait(false);
            }
            else
            {
                yield return b.Current;
                hasB = await b.MoveNextAsync().ConfigureAwait(false);
            }
        }
    }
}
