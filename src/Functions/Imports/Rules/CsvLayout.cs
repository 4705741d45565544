namespace Chard.Functions.Imports.Rules;

/// <summary>How a CSV file is written.</summary>
/// <param name="Encoding">One of <see cref="SourceEncodings.Names"/>.</param>
/// <param name="Delimiter">The ASCII character between fields; <see cref="Delimiters.None"/> in a file of one column.</param>
/// <param name="HasHeader">Whether its first record names the columns.</param>
/// <param name="Names">The names of its columns, as <see cref="HeaderNames"/> makes them.</param>
public sealed record CsvLayout(string Encoding, char Delimiter, bool HasHeader, IReadOnlyList<string> Names);
