namespace Chard.Functions.Imports.Rules;

/// <summary>A part of a CSV file that ends where a record ends.</summary>
/// <param name="Index">Its place among the chunks, from 0.</param>
/// <param name="FirstLine">The 1-based line of the file that its first line is.</param>
/// <param name="Records">How many records it holds.</param>
/// <param name="Content">Its bytes, in UTF-8; borrowed until the store's task completes.</param>
public sealed record CsvChunk(int Index, long FirstLine, long Records, ReadOnlyMemory<byte> Content);
