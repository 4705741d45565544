using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Azure;
using Azure.Core;
using Azure.Data.Tables;
using Chard.Emulator.Tables.Entities;
using Chard.Emulator.Tables.Wire;

namespace Chard.Emulator.Tables.Transactions;

/// <summary>Writes the actions of a transaction as the parts of one multipart body, straight into the buffer that is sent.</summary>
internal sealed class TransactionWriter(TableChannel channel, string table)
{
    private const int BytesAnActionHint = 512;

    /// <summary>How many actions were written.</summary>
    public int Count { get; private set; }

    public HttpMessage Write(IEnumerable<TableTransactionAction> actions)
    {
        var batch = $"batch_{RandomNumberGenerator.GetHexString(32, lowercase: true)}";
        var changeSet = $"changeset_{RandomNumberGenerator.GetHexString(32, lowercase: true)}";
        var content = new PooledContent((actions.TryGetNonEnumeratedCount(out var count) ? count + 1 : 16) * BytesAnActionHint);
        try
        {
            Append(content, $"--{batch}\r\nContent-Type: multipart/mixed; boundary={changeSet}\r\n\r\n");
            // Made once: what stands before each action is half of what an action takes.
            var separator = Encoding.UTF8.GetBytes($"--{changeSet}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n");
            using var json = new Utf8JsonWriter(content, EntityProperties.WriterOptions);
            foreach (var action in actions)
            {
                Count++;
                content.Write(separator);
                Write(content, json, action);
            }

            if (Count == 0)
            {
                throw new InvalidOperationException("A transaction needs at least one action.");
            }

            Append(content, $"--{changeSet}--\r\n--{batch}--\r\n");
        }
        catch
        {
            content.Dispose();
            throw;
        }

        var message = channel.Message(RequestMethod.Post, "/$batch");
        message.Request.Headers.Add("Content-Type", $"multipart/mixed; boundary={batch}");
        message.Request.Content = content;
        return message;
    }

    private static string Verb(TableTransactionActionType type)
        => type switch
        {
            TableTransactionActionType.Add => "POST",
            TableTransactionActionType.UpdateMerge or TableTransactionActionType.UpsertMerge => "PATCH",
            TableTransactionActionType.UpdateReplace or TableTransactionActionType.UpsertReplace => "PUT",
            TableTransactionActionType.Delete => "DELETE",
            _ => throw new InvalidOperationException($"'{type}' is no action of a transaction."),
        };

    private static void Append(PooledContent content, ReadOnlySpan<char> text)
    {
        var span = content.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length));
        content.Advance(Encoding.UTF8.GetBytes(text, span));
    }

    private void Write(PooledContent content, Utf8JsonWriter json, TableTransactionAction action)
    {
        var type = action.ActionType;
        var entity = action.Entity;
        Append(content, Verb(type));
        Append(content, " ");
        Append(content, channel.EndpointText);
        Append(content, "/");
        Append(content, table);
        if (type != TableTransactionActionType.Add)
        {
            WriteKeys(content, entity);
        }

        content.Write(" HTTP/1.1\r\nAccept: application/json;odata=minimalmetadata\r\nDataServiceVersion: 3.0\r\n"u8);
        if (type is TableTransactionActionType.Delete or TableTransactionActionType.UpdateMerge or TableTransactionActionType.UpdateReplace)
        {
            Append(content, $"If-Match: {(action.ETag == default ? ETag.All : action.ETag)}\r\n");
        }

        if (type == TableTransactionActionType.Delete)
        {
            content.Write("\r\n"u8);
            return;
        }

        content.Write("Prefer: return-no-content\r\nContent-Type: application/json\r\n\r\n"u8);
        json.Reset();
        EntityMap.Write(json, entity);
        json.Flush();
        content.Write("\r\n"u8);
    }

    private void WriteKeys(PooledContent content, ITableEntity entity)
    {
        if (entity.PartitionKey is null || entity.RowKey is null)
        {
            throw new ArgumentException($"Action {Count - 1} of the transaction has no {(entity.PartitionKey is null ? "partition key" : "row key")}: set both keys of its entity.");
        }

        Append(content, "(PartitionKey='");
        Append(content, TableChannel.Key(entity.PartitionKey));
        Append(content, "',RowKey='");
        Append(content, TableChannel.Key(entity.RowKey));
        Append(content, "')");
    }
}
