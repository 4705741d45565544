using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Chard.Functions.Imports.Rules;

/// <summary>
/// Finds the records of a CSV stream without reading their fields: bounds, lines, and whether a record can be read at all. Memory
/// is constant, whatever the stream holds. Records end at CR LF, LF or CR outside quotes; a quote opens a quoted field only where a
/// field starts, as RFC 4180 has it.
/// </summary>
/// <remarks>
/// A broken quote cannot swallow the file. A quoted field that is not closed within the limit of a record or before the end of
/// the file, or whose closing quote is followed by text, is reported at the line where its quote opens, and reading goes on
/// with the line after that one. Time stays linear: the search for a closing quote ends at the latest at the next quote that
/// could start another such search.
/// </remarks>
/// <param name="utf8">The stream, in UTF-8. A byte order mark at its start is passed over.</param>
/// <param name="delimiter">The ASCII character between fields.</param>
/// <param name="maxRecordBytes">The longest record, line ending excluded.</param>
public sealed class RecordScanner(Stream utf8, char delimiter, int maxRecordBytes = ImportLimits.MaxRecordBytes)
{
    private const byte Quote = (byte)'"';
    private const byte CarriageReturn = (byte)'\r';
    private const byte LineFeed = (byte)'\n';
    private static readonly SearchValues<byte> LineBreaks = SearchValues.Create("\r\n"u8);
    private static readonly SearchValues<byte> QuoteOrLineBreak = SearchValues.Create("\"\r\n"u8);

    // Larger than a record, so that one full buffer always decides: a record ends in it, or is too long.
    private readonly byte[] buffer = new byte[(2 * maxRecordBytes) + (256 << 10)];
    private readonly byte delimiterByte = (byte)delimiter;
    private int start;
    private int end;
    private int rawStart;
    private int rawLength;
    private int contentLength;
    private bool begun;
    private bool atEnd;

    private enum Step
    {
        Found,
        NeedsMore,
        SkipsLine,
    }

    /// <summary>The record that <see cref="ReadAsync"/> found.</summary>
    public ScannedRecord Current { get; private set; }

    /// <summary>
    /// The current record with its line ending, as it stands in the stream; nothing of one that is too
    /// long. Valid until the next read.
    /// </summary>
    public ReadOnlyMemory<byte> Raw => buffer.AsMemory(rawStart, rawLength);

    /// <summary>The current record without its line ending; nothing of an empty line. Valid until the next read.</summary>
    public ReadOnlyMemory<byte> Content => buffer.AsMemory(rawStart, contentLength);

    /// <summary>The 1-based line that the next record starts on.</summary>
    public long NextLine { get; private set; } = 1;

    /// <summary>Finds the next record. False at the end of the stream.</summary>
    public ValueTask<bool> ReadAsync(CancellationToken cancellationToken = default) =>
        begun && start < end && Scan() == Step.Found ? new ValueTask<bool>(true) : ReadMoreAsync(cancellationToken);

    private async ValueTask<bool> ReadMoreAsync(CancellationToken cancellationToken)
    {
        await FillAsync(cancellationToken).ConfigureAwait(false);
        if (start == end)
        {
            return false;
        }

        if (Scan() == Step.SkipsLine)
        {
            await SkipLineAsync(cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        buffer.AsSpan(start, end - start).CopyTo(buffer);
        end -= start;
        start = 0;
        while (end < buffer.Length && !atEnd)
        {
            var read = await utf8.ReadAsync(buffer.AsMemory(end), cancellationToken).ConfigureAwait(false);
            atEnd = read == 0;
            end += read;
        }

        if (!begun)
        {
            begun = true;
            start = buffer.AsSpan(0, end).StartsWith("\uFEFF"u8) ? 3 : 0;
        }
    }

    private Step Scan()
    {
        var data = buffer.AsSpan(start, end - start);
        var position = 0;
        var lines = 0L;
        while (true)
        {
            var found = data[position..].IndexOfAny(QuoteOrLineBreak);
            position = found < 0 ? data.Length : position + found;
            if (position > maxRecordBytes)
            {
                return TooLong(lines);
            }

            if (found < 0)
            {
                return atEnd ? Take(position, 0, lines + 1) : Step.NeedsMore;
            }

            if (data[position] != Quote)
            {
                return TryEnding(data, position, out var ending) ? Take(position, ending, lines + 1) : Step.NeedsMore;
            }

            if (position > 0 && data[position - 1] != delimiterByte)
            {
                // Within an unquoted field a quote is text.
                position++;
                continue;
            }

            var closing = FindClosing(data, position + 1);
            if (closing < 0 || (closing + 1 == data.Length && !atEnd))
            {
                return !atEnd && data.Length <= maxRecordBytes + 1
                    ? Step.NeedsMore
                    : Broken(data, position, lines, RecordFault.UnclosedQuote);
            }

            if (closing + 1 < data.Length && data[closing + 1] != delimiterByte && data[closing + 1] is not (CarriageReturn or LineFeed))
            {
                return Broken(data, position, lines, RecordFault.TextAfterQuote);
            }

            lines += CountBreaks(data[(position + 1)..closing]);
            position = closing + 1;
        }
    }

    // The quote that ends a quoted field; negative if there is none within the limit.
    private int FindClosing(ReadOnlySpan<byte> data, int from)
    {
        while (true)
        {
            var found = data[from..].IndexOf(Quote);
            var closing = from + found;
            if (found < 0 || closing > maxRecordBytes)
            {
                return -1;
            }

            if (closing + 1 == data.Length || data[closing + 1] != Quote)
            {
                return closing;
            }

            from = closing + 2;
        }
    }

    // Gives up the record at the end of the line where its broken quote opens.
    private Step Broken(ReadOnlySpan<byte> data, int opened, long lines, RecordFault fault)
    {
        var found = data[opened..].IndexOfAny(LineBreaks);
        var position = found < 0 ? data.Length : opened + found;
        if (position > maxRecordBytes)
        {
            return TooLong(lines);
        }

        if (found < 0)
        {
            return atEnd ? Take(position, 0, lines + 1, fault) : Step.NeedsMore;
        }

        return TryEnding(data, position, out var ending) ? Take(position, ending, lines + 1, fault) : Step.NeedsMore;
    }

    // False if a CR stands last in the data, for an LF may follow.
    private bool TryEnding(ReadOnlySpan<byte> data, int position, out int length)
    {
        length = 1;
        if (data[position] == CarriageReturn)
        {
            if (position + 1 == data.Length)
            {
                return atEnd;
            }

            length = data[position + 1] == LineFeed ? 2 : 1;
        }

        return true;
    }

    private Step Take(int content, int ending, long lines, RecordFault fault = RecordFault.None)
    {
        (rawStart, rawLength, contentLength) = (start, content + ending, content);
        Current = fault == RecordFault.None
            ? new ScannedRecord(NextLine, lines, FaultOf(Content.Span), NextLine)
            : new ScannedRecord(NextLine, lines, fault, NextLine + lines - 1);
        start += content + ending;
        NextLine += lines;
        return Step.Found;
    }

    private Step TooLong(long lines)
    {
        Current = new ScannedRecord(NextLine, lines + 1, RecordFault.TooLong, NextLine);
        return Step.SkipsLine;
    }

    private async ValueTask SkipLineAsync(CancellationToken cancellationToken)
    {
        (rawStart, rawLength, contentLength) = (0, 0, 0);
        start += maxRecordBytes;
        NextLine += Current.Lines;
        while (true)
        {
            var found = buffer.AsSpan(start, end - start).IndexOfAny(LineBreaks);
            start = found < 0 ? end : start + found;
            if (found >= 0 && TryEnding(buffer.AsSpan(0, end), start, out var ending))
            {
                start += ending;
                return;
            }

            if (atEnd)
            {
                return;
            }

            await FillAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static RecordFault FaultOf(ReadOnlySpan<byte> content)
    {
        if (content.Contains((byte)0))
        {
            return RecordFault.Nul;
        }

        return Ascii.IsValid(content) || (Utf8.IsValid(content) && content.IndexOf(SourceEncodings.InvalidMark) < 0)
            ? RecordFault.None
            : RecordFault.InvalidText;
    }

    private static long CountBreaks(ReadOnlySpan<byte> text)
    {
        var count = 0L;
        while (true)
        {
            var found = text.IndexOfAny(LineBreaks);
            if (found < 0)
            {
                return count;
            }

            count++;
            text = text[(found + (text[found] == CarriageReturn && found + 1 < text.Length && text[found + 1] == LineFeed ? 2 : 1))..];
        }
    }
}
