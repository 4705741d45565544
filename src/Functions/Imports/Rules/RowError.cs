using System.Text.Json.Serialization;

namespace Chard.Functions.Imports.Rules;

/// <summary>A row that was not imported.</summary>
/// <param name="Line">The 1-based line of the file where the row starts or, for a quote that is at fault, where that quote opens.</param>
/// <param name="Reason">What is wrong with it.</param>
public sealed record RowError(
    [property: JsonPropertyName("line")] long Line,
    [property: JsonPropertyName("reason")] string Reason);
