using System.Text.Json;

namespace Chard.Tool.Api;

/// <summary>A JSON document that the app answered.</summary>
/// <param name="Text">As it came.</param>
/// <param name="Document">The same, read.</param>
/// <param name="Tag">Its ETag.</param>
internal sealed record ApiAnswer(string Text, JsonElement Document, string? Tag);
