using Chard.Calls;
using Chard.Canvases;
using Microsoft.DurableTask;

namespace Chard.Functions.Tests.Docs;

/// <summary>The C# of docs/coming-from.md, word by word. It compiles here, and <see cref="SnippetTests"/> holds the page to it.</summary>
internal static class Snippets
{
    public static async Task<int> ChordAsync(TaskOrchestrationContext context)
    {
        int total = await context.ChordAsync(
            Enumerable.Range(1, 3).Select(i => context.Signature<int>("Square", i)),
            squares => context.CallTaskAsync<int>("Sum", squares));
        return total;
    }

    public static async Task<int> MapAsync(TaskOrchestrationContext context, IReadOnlyList<string> files)
    {
        IReadOnlyList<int> counts = await context.MapAsync<int>("Square", files, new GroupOptions(MaxInFlight: 50, Tolerated: 3));
        int total = counts.Sum();
        return total;
    }
}
