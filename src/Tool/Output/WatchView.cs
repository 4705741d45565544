using System.Text.Json;
using Chard.Tool.Api;
using Spectre.Console;

namespace Chard.Tool.Output;

/// <summary>A workflow's progress: a bar where somebody looks, else a line for each change.</summary>
internal static class WatchView
{
    /// <summary>Shows what <paramref name="follow"/> sees, until it has ended.</summary>
    public static async Task<ApiAnswer> ShowAsync(Screen screen, string id, Func<Action<JsonElement>, Task<ApiAnswer>> follow)
    {
        if (!screen.ShowsBars)
        {
            string last = "";
            return await follow(seen =>
            {
                string standing = StatusText.Standing(seen);
                if (standing != last)
                {
                    screen.Note($"{id} {standing}");
                    last = standing;
                }
            });
        }

        return await Bars.Of(screen, new ElapsedTimeColumn()).StartAsync(async context =>
        {
            ProgressTask bar = context.AddTask(Markup.Escape(id));
            bar.IsIndeterminate = true;
            return await follow(seen => Show(bar, id, seen));
        });
    }

    private static void Show(ProgressTask bar, string id, JsonElement workflow)
    {
        bar.Description = Markup.Escape(Screen.Clean($"{id} {StatusText.Standing(workflow)}"));
        if (workflow.Member("progress") is { } progress && progress.Count("total") > 0)
        {
            bar.IsIndeterminate = false;
            bar.MaxValue = progress.Count("total");
            bar.Value = progress.Count("succeeded") + progress.Count("failed");
        }
    }
}

/// <summary>Bars as the tool has them.</summary>
internal static class Bars
{
    /// <summary>Bars that leave nothing behind, with columns after the usual ones.</summary>
    public static Progress Of(Screen screen, params ProgressColumn[] further) => screen.Asides.Progress()
        .AutoClear(true)
        .Columns([new SpinnerColumn(), new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(),
            new PercentageColumn(), .. further]);
}
