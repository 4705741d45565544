using System.Diagnostics.CodeAnalysis;
using System.Text;
using Azure;
using Azure.Core;

namespace Chard.Emulator.Tables.Transactions;

/// <summary>The response to one action of a transaction: a slice of the answer. Headers are looked up where they stand, for most callers want the tag or nothing.</summary>
internal sealed class ActionResponse(ReadOnlyMemory<byte> part, int status, string clientRequestId) : Response
{
    private MemoryStream contentStream;

    public override int Status => status;

    public override string ReasonPhrase
    {
        get
        {
            var line = Encoding.UTF8.GetString(Line(part.Span));
            var words = line.Split(' ', 3);
            return words.Length > 2 ? words[2] : string.Empty;
        }
    }

    public override Stream ContentStream
    {
        get => contentStream ??= new MemoryStream(Body().ToArray(), 0, Body().Length, writable: false, publiclyVisible: true);
        set => throw new NotSupportedException("The body of an action's response cannot be replaced.");
    }

    public override string ClientRequestId { get; set; } = clientRequestId;

    public override void Dispose() => contentStream?.Dispose();

    protected override bool ContainsHeader(string name) => TryGetHeader(name, out _);

    protected override IEnumerable<HttpHeader> EnumerateHeaders()
    {
        var headers = new List<HttpHeader>();
        var rest = part.Span;
        rest = rest[(Line(rest).Length + LineBreak(rest))..];
        while (rest.Length > 0 && Line(rest) is { Length: > 0 } line)
        {
            var colon = line.IndexOf((byte)':');
            if (colon > 0)
            {
                headers.Add(new HttpHeader(Encoding.UTF8.GetString(line[..colon]), Encoding.UTF8.GetString(line[(colon + 1)..]).Trim()));
            }

            rest = rest[(line.Length + LineBreak(rest))..];
        }

        return headers;
    }

    protected override bool TryGetHeader(string name, [NotNullWhen(true)] out string value)
    {
        foreach (var header in EnumerateHeaders())
        {
            if (header.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                value = header.Value;
                return true;
            }
        }

        value = null;
        return false;
    }

    protected override bool TryGetHeaderValues(string name, [NotNullWhen(true)] out IEnumerable<string> values)
    {
        values = TryGetHeader(name, out var value) ? [value] : null;
        return values is not null;
    }

    private static ReadOnlySpan<byte> Line(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOfAny((byte)'\r', (byte)'\n');
        return end < 0 ? text : text[..end];
    }

    private static int LineBreak(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOfAny((byte)'\r', (byte)'\n');
        return end < 0 ? 0 : text[end..].StartsWith("\r\n"u8) ? 2 : 1;
    }

    private ReadOnlyMemory<byte> Body()
    {
        var start = part.Span.IndexOf("\r\n\r\n"u8);
        return start < 0 ? default : part[(start + 4)..];
    }
}
