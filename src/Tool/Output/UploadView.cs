using Chard.Tool.Api;
using Spectre.Console;

namespace Chard.Tool.Output;

/// <summary>How far an upload is: a bar where somebody looks, else a line at its end.</summary>
internal static class UploadView
{
    /// <summary>Shows what <paramref name="send"/> tells of the bytes sent.</summary>
    public static async Task<ApiAnswer> ShowAsync(Screen screen, string name, long bytes, Func<Action<long>, Task<ApiAnswer>> send)
    {
        if (!screen.ShowsBars)
        {
            ApiAnswer answer = await send(_ => { });
            screen.Note($"{name}: {StatusText.Bytes(bytes)} uploaded");
            return answer;
        }

        return await Bars.Of(screen, new DownloadedColumn(), new TransferSpeedColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                ProgressTask bar = context.AddTask(Markup.Escape(Screen.Clean(name)), maxValue: Math.Max(bytes, 1));
                return await send(sent => bar.Value = sent);
            });
    }
}
