using System.Text.Json;
using Microsoft.Azure.Functions.Worker;

namespace Chard.Emulator.Functions.Timers;

/// <summary>A schedule's times on disk, so that a run missed while the host was down is noticed. Times are UTC.</summary>
internal sealed class TimerMemory(string path)
{
    /// <summary>Null when there is none, or when what is there cannot be read: the schedule then starts afresh.</summary>
    public ScheduleStatus? Read()
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<ScheduleStatus>(File.ReadAllBytes(path), JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            // Half a file, left by a crash: as good as none.
            return null;
        }
    }

    public void Write(ScheduleStatus status)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var draft = path + ".new";
        File.WriteAllBytes(draft, JsonSerializer.SerializeToUtf8Bytes(status, JsonSerializerOptions.Web));
        File.Move(draft, path, overwrite: true);
    }
}
