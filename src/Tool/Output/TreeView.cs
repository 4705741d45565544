using System.Text.Json;
using Chard.Tool.Api;
using Spectre.Console;

namespace Chard.Tool.Output;

/// <summary>Prints a workflow's tree.</summary>
internal static class TreeView
{
    /// <summary>Members of a wide node that are shown one by one, unless all are asked for.</summary>
    private const int Shown = 20;

    /// <summary>Prints it.</summary>
    /// <param name="screen">Where to.</param>
    /// <param name="title">What stands above it.</param>
    /// <param name="roots">The places.</param>
    /// <param name="full">True to leave nothing out.</param>
    public static void Print(Screen screen, string title, IReadOnlyList<TreePlace> roots, bool full)
    {
        var tree = new Tree(new Text(title));
        Add(tree, roots, full);
        screen.Results.Write(tree);
    }

    private static void Add(IHasTreeNodes parent, IReadOnlyList<TreePlace> places, bool full)
    {
        HashSet<TreePlace> shown = full || places.Count <= Shown
            ? [.. places]
            : [.. places.OrderByDescending(p => p.IsNotable).Take(Shown)];
        foreach (TreePlace place in places.Where(shown.Contains))
        {
            TreeNode node = parent.AddNode(Label(place));
            Add(node, place.Children, full);
        }

        TreePlace[] rest = [.. places.Where(p => !shown.Contains(p))];
        if (rest.Length > 0)
        {
            string states = string.Join(", ", rest.GroupBy(p => p.IsTask ? p.State : "nodes").Select(g => $"{g.Count()} {g.Key}"));
            parent.AddNode(new Text($"and {states} (--full shows them)"));
        }
    }

    private static Paragraph Label(TreePlace place)
    {
        string role = place.Role.Length == 0 ? "" : $"{place.Role}: ";
        var label = new Paragraph($"{place.Path}  {role}{Screen.Clean(place.Name)}");
        if (place.IsTask)
        {
            label.Append("  ").Append(place.State, Rows.StyleOf(place.State));
            label.Append(Screen.Clean(Tries(place) + Progress(place.Row)));
        }

        if (place.Letter is { } letter)
        {
            string failure = StatusText.Failure(letter.Text("class"), letter.Text("message"));
            label.Append(Screen.Clean($": {failure} [letter {letter.Text("id")}]"));
        }
        else if (place.Row?.Member("failure") is { } last)
        {
            label.Append(Screen.Clean($": {StatusText.Failure(last)}"));
        }

        return label;
    }

    private static string Tries(TreePlace place) => place.Row?.Count("attempt") > 1 ? $", try {place.Row?.Text("attempt")}" : "";

    private static string Progress(JsonElement? row) => row?.Member("progress") is { } progress ? $", {progress.GetRawText()}" : "";
}
