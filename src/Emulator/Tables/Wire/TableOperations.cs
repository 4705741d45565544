using System.Text.Json;
using Azure;
using Azure.Core;
using Azure.Data.Tables.Models;
using Chard.Emulator.Tables.Entities;

namespace Chard.Emulator.Tables.Wire;

/// <summary>What can be done to a table as a whole, for both clients. With <c>async</c> false the tasks are complete when they are returned.</summary>
internal static class TableOperations
{
    public static async Task<Response<TableItem>> CreateAsync(TableChannel channel, string name, bool ifNotExists, bool async, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var content = new PooledContent(128);
        using (var writer = new Utf8JsonWriter(content, EntityProperties.WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteString("TableName", name);
            writer.WriteEndObject();
        }

        using var message = channel.WriteMessage(RequestMethod.Post, "/Tables", content);
        var response = await channel.SendAsync(message, async, cancellationToken, ifNotExists ? 409 : 0).ConfigureAwait(false);
        if (response.Status == 409)
        {
            // A table being deleted answers 409 as well, and is not there for whoever asked for it.
            var refusal = new RequestFailedException(response);
            if (refusal.ErrorCode != TableErrorCode.TableAlreadyExists)
            {
                throw refusal;
            }
        }

        return Response.FromValue(new TableItem(name), response);
    }

    public static async Task<Response> DeleteAsync(TableChannel channel, string name, bool async, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        using var message = channel.Message(RequestMethod.Delete, $"/Tables('{Uri.EscapeDataString(name)}')");
        return await channel.SendAsync(message, async, cancellationToken, tolerated: 404).ConfigureAwait(false);
    }
}
