using System.Text.Json;
using Azure.Data.Tables.Models;

namespace Chard.Emulator.Tables.Wire;

/// <summary>Reads a page of tables: <c>{"value":[{"TableName":"…"},…]}</c>.</summary>
internal static class TableList
{
    public static List<TableItem> Read(ReadOnlySpan<byte> json)
    {
        var tables = new List<TableItem>();
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("TableName"u8))
            {
                reader.Read();
                tables.Add(new TableItem(reader.GetString()));
            }
        }

        return tables;
    }
}
