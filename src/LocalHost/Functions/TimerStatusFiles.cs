using System.Text.Json;
using Microsoft.Azure.WebJobs.Extensions.Timers;

namespace Chard.LocalHost.Functions;

/// <summary>
/// When each timer ran last, a file a timer, so that one that was missed while no host ran is made up for at the next start.
/// </summary>
internal sealed class TimerStatusFiles(string folder) : ScheduleMonitor
{
    public override async Task<ScheduleStatus?> GetStatusAsync(string timerName)
    {
        var path = PathOf(timerName);
        if (!File.Exists(path))
        {
            return null;
        }

        await using var file = File.OpenRead(path);
        return await JsonSerializer.DeserializeAsync<ScheduleStatus>(file);
    }

    public override async Task UpdateStatusAsync(string timerName, ScheduleStatus status)
    {
        Directory.CreateDirectory(folder);
        var path = PathOf(timerName);
        await File.WriteAllBytesAsync($"{path}.new", JsonSerializer.SerializeToUtf8Bytes(status));
        File.Move($"{path}.new", path, overwrite: true);
    }

    private string PathOf(string timer) => Path.Combine(folder, $"{timer}.json");
}
