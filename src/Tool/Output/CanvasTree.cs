using System.Text.Json;
using Chard.Tool.Api;

namespace Chard.Tool.Output;

/// <summary>A place in a workflow: a node of its canvas, with what is known of the task there.</summary>
internal sealed class TreePlace(string path, string name, string role = "")
{
    private const string NotBegun = "not begun";

    /// <summary>Its position in the workflow.</summary>
    public string Path => path;

    /// <summary>The task's name, or what kind of node it is.</summary>
    public string Name => name;

    /// <summary>What it is to the node above; empty for a step or a member.</summary>
    public string Role => role;

    /// <summary>What is below it.</summary>
    public List<TreePlace> Children { get; } = [];

    /// <summary>True for a task, which begins by itself; false for what only holds others.</summary>
    public bool IsTask { get; init; }

    /// <summary>The task's row; null while it has not begun.</summary>
    public JsonElement? Row { get; set; }

    /// <summary>Its open dead letter.</summary>
    public JsonElement? Letter { get; set; }

    /// <summary>How the task stands.</summary>
    public string State => Letter?.Flag("parked") == true ? "parked" : Row?.Text("status") ?? (Letter is null ? NotBegun : "failed");

    /// <summary>True if it, or something below it, is of interest by itself: it fails, waits for somebody, or is at work.</summary>
    public bool IsNotable => State is not ("succeeded" or NotBegun) || Children.Exists(c => c.IsNotable);
}

/// <summary>
/// The tree of a canvas by its positions (docs/canvas.md): <c>0</c> is the root, then the index of a step, member or item, <c>h</c> a
/// chord's header, <c>b</c> its body, <c>e</c> an <c>onError</c>.
/// </summary>
internal static class CanvasTree
{
    /// <summary>Lays rows and open dead letters on the tree of a canvas; on no tree where the workflow is none.</summary>
    public static List<TreePlace> Of(JsonElement? canvas, IEnumerable<JsonElement> rows, IEnumerable<JsonElement> letters)
    {
        List<TreePlace> roots = canvas is { ValueKind: JsonValueKind.Object } root ? [Node(root, "0", "")] : [];
        bool isTree = roots.Count > 0;
        var byPath = new Dictionary<string, TreePlace>();
        roots.ForEach(Index);
        foreach (JsonElement row in rows)
        {
            Find(row.Text("path")!, row.Text("task")!).Row = row;
        }

        foreach (JsonElement letter in letters.Where(l => l.Text("path") is not null && l.Text("state") == "open"))
        {
            Find(letter.Text("path")!, letter.Text("task") ?? "").Letter = letter;
        }

        return roots;

        void Index(TreePlace place)
        {
            byPath[place.Path] = place;
            place.Children.ForEach(Index);
        }

        // Items of a map, members of a part, and all of a workflow written in code have no node: they stand below the nearest one.
        TreePlace Find(string path, string task)
        {
            if (!byPath.TryGetValue(path, out TreePlace? place))
            {
                place = new TreePlace(path, task) { IsTask = true };
                (isTree ? (Above(path, byPath) ?? roots[0]).Children : roots).Add(place);
                byPath[path] = place;
            }

            return place;
        }
    }

    private static TreePlace? Above(string path, Dictionary<string, TreePlace> byPath)
    {
        for (int end = path.LastIndexOf('.'); end > 0; end = path.LastIndexOf('.', end - 1))
        {
            if (byPath.TryGetValue(path[..end], out TreePlace? found))
            {
                return found;
            }
        }

        return null;
    }

    private static TreePlace Node(JsonElement node, string path, string role)
    {
        TreePlace place = Shape(node, path, role);
        if (node.Member("onError") is { } handler)
        {
            place.Children.Add(Node(handler, $"{path}.e", "on error"));
        }

        return place;
    }

    private static TreePlace Shape(JsonElement node, string path, string role)
    {
        string name = node.Text("id") is { } id ? $" '{id}'" : "";
        if (node.Member("chain") is not null)
        {
            return Holding(new TreePlace(path, $"chain of {node.Items("chain").Count}{name}", role), Members(node, "chain", path));
        }

        if (node.Member("group") is not null || node.Member("parts") is not null)
        {
            string width = node.Member("parts") is null ? $"group of {node.Items("group").Count}" : "wide group";
            return Holding(new TreePlace(path, width + name, role), Members(node, "group", path));
        }

        if (node.Member("chord") is { } chord)
        {
            var header = new TreePlace($"{path}.h", $"header of {chord.Items("header").Count}");
            IEnumerable<TreePlace> body = chord.Member("body") is { } after ? [Node(after, $"{path}.b", "body")] : [];
            return Holding(
                new TreePlace(path, $"chord{name}", role), [Holding(header, Members(chord, "header", header.Path)), .. body]);
        }

        return node.Member("map") is { } map
            ? new TreePlace(path, $"map of {map.Text("task")}{name}", role)
            : new TreePlace(path, (node.Text("task") ?? "node") + name, role) { IsTask = true };
    }

    private static IEnumerable<TreePlace> Members(JsonElement node, string member, string path) =>
        node.Items(member).Select((child, index) => Node(child, $"{path}.{index}", ""));

    private static TreePlace Holding(TreePlace place, IEnumerable<TreePlace> children)
    {
        place.Children.AddRange(children);
        return place;
    }
}
