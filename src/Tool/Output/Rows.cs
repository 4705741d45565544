using Spectre.Console;

namespace Chard.Tool.Output;

/// <summary>Things in columns: a table without lines, which also a program can read.</summary>
internal sealed class Rows(params string[] heads)
{
    private readonly List<string[]> rows = [];

    /// <summary>Adds a row.</summary>
    public void Add(params string?[] cells) => rows.Add([.. cells.Select(Screen.Clean)]);

    /// <summary>Prints them, or what there is to say where there are none.</summary>
    public void Print(Screen screen, string none)
    {
        if (rows.Count == 0)
        {
            screen.Note(none);
        }
        else if (screen.Results.Profile.Capabilities.Ansi)
        {
            PrintWrapped(screen);
        }
        else
        {
            PrintPlain(screen);
        }
    }

    private void PrintWrapped(Screen screen)
    {
        Table table = new Table().Border(TableBorder.None);
        foreach (string head in heads)
        {
            table.AddColumn(new TableColumn(new Text(head, new Style(decoration: Decoration.Bold))).PadRight(2).PadLeft(0));
        }

        foreach (string[] row in rows)
        {
            table.AddRow(row.Select(cell => new Text(cell, StyleOf(cell))));
        }

        screen.Results.Write(table);
    }

    private void PrintPlain(Screen screen)
    {
        int[] widths = [.. heads.Select((head, i) => Math.Max(head.Length, rows.Max(row => row[i].Length)))];
        foreach (string[] row in rows.Prepend(heads))
        {
            screen.Line(string.Join("  ", row.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd());
        }
    }

    /// <summary>Statuses have colours; other text stays as it is.</summary>
    public static Style StyleOf(string cell) => cell switch
    {
        "completed" or "succeeded" => new Style(foreground: Color.Green),
        "failed" or "expired" or "cancelled" => new Style(foreground: Color.Red),
        "parked" or "paused" => new Style(foreground: Color.Yellow),
        "running" => new Style(foreground: Color.Blue),
        _ => Style.Plain,
    };
}
