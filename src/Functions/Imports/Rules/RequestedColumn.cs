namespace Chard.Functions.Imports.Rules;

/// <summary>A column as an import would have it, before its table has been looked at.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type; null if the file gives no evidence of one.</param>
/// <param name="Given">Whether the caller named the type. An inferred type gives way to the table's where the table's
/// holds every value of it.</param>
public sealed record RequestedColumn(string Name, ColumnType? Type, bool Given);
