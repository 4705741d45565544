using System.Buffers.Text;
using System.Text;
using Azure;
using Azure.Data.Tables;
using Chard.Emulator.Tables.Wire;

namespace Chard.Emulator.Tables.Transactions;

/// <summary>
/// Takes the answer to a transaction apart: a multipart body whose parts hold an HTTP response each.
/// A refused transaction has one part, the refusal. Nothing is copied: the responses look into the answer's buffer.
/// </summary>
internal static class TransactionReader
{
    private static ReadOnlySpan<byte> StatusLine => "HTTP/1.1 "u8;

    /// <exception cref="TableTransactionFailedException">The service refused.</exception>
    /// <exception cref="InvalidOperationException">The answer is not what the protocol says.</exception>
    public static IReadOnlyList<Response> Read(Response answer, int actions)
    {
        var body = answer.Content.ToMemory();
        var boundary = BoundaryOf(body.Span);
        var responses = new Response[actions];
        var count = 0;
        var position = body.Span.IndexOf(StatusLine);
        while (position >= 0)
        {
            var end = body.Span[position..].IndexOf(boundary);
            var part = end < 0 ? body[position..] : body.Slice(position, end);
            var response = new ActionResponse(part, Status(part.Span), answer.ClientRequestId);
            if (response.Status >= 400)
            {
                throw new TableTransactionFailedException(new RequestFailedException(response, null, TableErrors.Parser));
            }

            if (count < actions)
            {
                responses[count] = response;
            }

            count++;
            var next = end < 0 ? -1 : body.Span[(position + end)..].IndexOf(StatusLine);
            position = next < 0 ? -1 : position + end + next;
        }

        return count == actions
            ? responses
            : throw new InvalidOperationException($"The service answered {count} of a transaction's {actions} actions: {Encoding.UTF8.GetString(body.Span[..Math.Min(body.Length, 1024)])}");
    }

    /// <summary>What stands between the parts: the boundary of the change set where there is one, else that of the batch, each with the line break before it.</summary>
    private static ReadOnlySpan<byte> BoundaryOf(ReadOnlySpan<byte> body)
    {
        var marker = body.IndexOf("--changesetresponse"u8);
        if (marker < 0)
        {
            marker = body.IndexOf("--"u8);
        }

        var line = body[Math.Max(marker, 0)..];
        var end = line.IndexOfAny((byte)'\r', (byte)'\n');
        return end < 0 ? line : line[..end];
    }

    private static int Status(ReadOnlySpan<byte> part)
        => Utf8Parser.TryParse(part[StatusLine.Length..], out int status, out _) ? status : throw new InvalidOperationException("A part of the service's answer to a transaction has no status.");
}
