using System.CommandLine;
using System.Text.Json;
using Chard.Tool.Api;
using Chard.Tool.Output;

namespace Chard.Tool.Commands;

/// <summary>One run of a command.</summary>
internal sealed record Session(
    ParseResult Line, ApiClient Api, Screen Screen, TextReader Input, CancellationToken CancellationToken)
{
    /// <summary>Reads a document, and prints it as it is where <c>--json</c> asks for that.</summary>
    /// <returns>The document; null if it is printed.</returns>
    public async Task<JsonElement?> ReadAsync(string path)
    {
        ApiAnswer answer = await Api.GetAsync(path, CancellationToken);
        if (!Screen.Json)
        {
            return answer.Document;
        }

        Screen.Document(answer.Text);
        return null;
    }

    /// <summary>JSON of an option: the text itself, <c>@file</c>, or <c>@-</c> for the standard input.</summary>
    /// <exception cref="ToolException">It is no JSON, or the file cannot be read.</exception>
    public async Task<JsonElement?> JsonAsync(Option<string?> option)
    {
        if (Line.GetValue(option) is not { } given)
        {
            return null;
        }

        string text = given.StartsWith('@') ? await TextAsync(given[1..]) : given;
        return Parse(text, given.StartsWith('@') ? given[1..] : option.Name);
    }

    /// <summary>The JSON of a file, or with <c>-</c> of the standard input.</summary>
    /// <exception cref="ToolException">It is no JSON, or cannot be read.</exception>
    public async Task<JsonElement> JsonFileAsync(string file) => Parse(await TextAsync(file), file);

    private async Task<string> TextAsync(string file)
    {
        if (file == "-")
        {
            return await Input.ReadToEndAsync(CancellationToken);
        }

        try
        {
            return await File.ReadAllTextAsync(file, CancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ToolException($"'{file}' cannot be read: {e.Message}");
        }
    }

    private static JsonElement Parse(string text, string source)
    {
        try
        {
            return JsonElement.Parse(text, new JsonDocumentOptions { MaxDepth = 256 });
        }
        catch (JsonException e)
        {
            throw new ToolException($"{source} is no JSON: {e.Message}");
        }
    }
}
