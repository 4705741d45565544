using Chard.LocalHost.Functions;

namespace Chard.LocalHost.Screen;

/// <summary>The functions of an app, grouped by what starts them; those with a URL last, where the eye is when the host is ready.</summary>
internal static class FunctionListing
{
    private const int Margin = 16;

    public static void Print(TextWriter writer, IReadOnlyList<FunctionInfo> functions, int width)
    {
        var enabled = functions.Where(function => !function.IsDisabled)
            .OrderBy(function => function.Name, StringComparer.OrdinalIgnoreCase).ToList();
        writer.WriteLine();
        Group(writer, "Activities", Names(enabled, TriggerKind.Activity), width);
        Group(writer, "Orchestrators", Names(enabled, TriggerKind.Orchestration), width);
        Group(writer, "Entities", Names(enabled, TriggerKind.Entity), width);
        Group(writer, "Queues", Of(enabled, TriggerKind.Queue).Select(function => $"{function.Queue}: {function.Name}"), width);
        Group(writer, "Timers", Of(enabled, TriggerKind.Timer).Select(function => $"{function.Schedule}: {function.Name}"), width);
        Group(writer, "Disabled", functions.Where(function => function.IsDisabled).Select(function => function.Name), width);
        var urls = Of(enabled, TriggerKind.Http).OrderBy(function => function.Url, StringComparer.Ordinal).ToList();
        var column = urls.Select(function => function.Url!.Length).DefaultIfEmpty().Max();
        foreach (var function in urls)
        {
            var methods = function.Methods.Count == 0 ? "any" : string.Join(',', function.Methods);
            writer.WriteLine($"{methods,-Margin}{function.Url!.PadRight(column)}  {function.Name}");
        }

        if (functions.Count == 0)
        {
            writer.WriteLine("The app has no functions: no public method has [Function].");
        }
    }

    private static IEnumerable<FunctionInfo> Of(IEnumerable<FunctionInfo> functions, TriggerKind kind) =>
        functions.Where(function => function.Kind == kind);

    private static IEnumerable<string> Names(IEnumerable<FunctionInfo> functions, TriggerKind kind) =>
        Of(functions, kind).Select(function => function.Name);

    /// <summary>The title, then the items, as many a line as fit.</summary>
    private static void Group(TextWriter writer, string title, IEnumerable<string> items, int width)
    {
        var line = title.PadRight(Margin);
        var isEmpty = true;
        foreach (var item in items)
        {
            if (!isEmpty && line.Length + item.Length + 2 > width)
            {
                writer.WriteLine(line.TrimEnd() + ",");
                line = new string(' ', Margin);
                isEmpty = true;
            }

            line += isEmpty ? item : $", {item}";
            isEmpty = false;
        }

        if (!isEmpty)
        {
            writer.WriteLine(line);
        }
    }
}
