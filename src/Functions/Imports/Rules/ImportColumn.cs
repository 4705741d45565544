using System.Text.Json.Serialization;

namespace Chard.Functions.Imports.Rules;

/// <summary>A column of an imported table.</summary>
/// <param name="Name">Its name, 1 to 63 bytes of UTF-8.</param>
/// <param name="Type">What it holds.</param>
public sealed record ImportColumn(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("type")] ColumnType Type);
