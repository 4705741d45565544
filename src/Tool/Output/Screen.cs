using System.Text;
using System.Text.Json;
using Chard.Tool.Api;
using Spectre.Console;

namespace Chard.Tool.Output;

/// <summary>
/// What people see. Results go to the output, all else (progress, hints, complaints) to the error stream, so that a redirected output
/// holds the result alone. With <c>--json</c> the output is one document, and only complaints are told beside it.
/// </summary>
internal sealed class Screen(TextWriter output, TextWriter error, bool json)
{
    // Where nobody looks, lines are for programs: none is broken.
    private const int Unbroken = 8192;

    /// <summary>True if the output is one JSON document.</summary>
    public bool Json => json;

    /// <summary>The console of results.</summary>
    public IAnsiConsole Results { get; } = ConsoleOn(output);

    /// <summary>The console of progress.</summary>
    public IAnsiConsole Asides { get; } = ConsoleOn(error);

    /// <summary>True if somebody sees bars move.</summary>
    public bool ShowsBars => !json && Asides.Profile.Capabilities.Interactive && Asides.Profile.Capabilities.Ansi;

    /// <summary>Text of others made fit to be shown: nothing in it moves the cursor or sets a colour.</summary>
    public static string Clean(string? text)
    {
        if (text is null || !text.Any(char.IsControl))
        {
            return text ?? "";
        }

        var clean = new StringBuilder(text.Length);
        foreach (char each in text)
        {
            clean.Append(char.IsControl(each) ? ' ' : each);
        }

        return clean.ToString();
    }

    /// <summary>A line of the result. The terminal wraps it, so that a link in it stays whole.</summary>
    public void Line(string text) => output.WriteLine(Clean(text));

    /// <summary>A JSON document as the result.</summary>
    public void Document(string text) => output.WriteLine(text.TrimEnd());

    /// <summary>A JSON document of any size as the result, as it comes.</summary>
    public async Task DocumentAsync(Stream document, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(document, Encoding.UTF8);
        var chunk = new char[32 * 1024];
        for (int read; (read = await reader.ReadAsync(chunk, cancellationToken)) > 0;)
        {
            await output.WriteAsync(chunk.AsMemory(0, read), cancellationToken);
        }

        await output.WriteLineAsync();
    }

    /// <summary>A JSON document as the result, made of others.</summary>
    public void Document(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            write(writer);
        }

        Document(Encoding.UTF8.GetString(buffer.ToArray()));
    }

    /// <summary>Something beside the result.</summary>
    public void Note(string text)
    {
        if (!json)
        {
            Asides.WriteLine(Clean(text));
        }
    }

    /// <summary>What to do next.</summary>
    public void Hint(string text)
    {
        if (!json)
        {
            Asides.WriteLine(Clean(text), new Style(foreground: Color.Grey));
        }
    }

    /// <summary>Something that is wrong, or has to be known, also by who reads JSON.</summary>
    public void Complain(string text) => Asides.WriteLine(Clean(text));

    /// <summary>What the app answered instead of doing it; as JSON it is the result.</summary>
    public void Complain(ApiProblemException problem)
    {
        if (json && problem.Document is { } document)
        {
            Document(document.GetRawText());
        }

        foreach (string line in problem.Lines())
        {
            Complain(line);
        }
    }

    private static IAnsiConsole ConsoleOn(TextWriter writer)
    {
        var settings = new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) };
        if (!settings.Out.IsTerminal)
        {
            settings.Ansi = AnsiSupport.No;
            settings.ColorSystem = ColorSystemSupport.NoColors;
            settings.Interactive = InteractionSupport.No;
            // A build server is none that understands what a terminal does.
            settings.Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false };
        }

        IAnsiConsole console = AnsiConsole.Create(settings);
        if (!settings.Out.IsTerminal)
        {
            console.Profile.Width = Unbroken;
        }

        return console;
    }
}
