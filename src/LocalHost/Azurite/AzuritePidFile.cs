using System.Diagnostics;
using System.Globalization;

namespace Chard.LocalHost.Azurite;

/// <summary>Remembers which process serves a data folder, so that the next host can stop what a killed one left behind.</summary>
internal static class AzuritePidFile
{
    public static void Write(string folder, Process process) =>
        File.WriteAllText(PathIn(folder), string.Create(CultureInfo.InvariantCulture, $"{process.Id} {process.StartTime.ToUniversalTime().Ticks}"));

    public static void Delete(string folder) => File.Delete(PathIn(folder));

    /// <summary>The process, where it still runs; null where it does not, or another has got its id.</summary>
    public static Process? Find(string folder)
    {
        var path = PathIn(folder);
        if (!File.Exists(path) || File.ReadAllText(path).Split(' ') is not [var idText, var startedText]
            || !int.TryParse(idText, CultureInfo.InvariantCulture, out var id) || !long.TryParse(startedText, CultureInfo.InvariantCulture, out var started))
        {
            return null;
        }

        try
        {
            var process = Process.GetProcessById(id);
            // Start times are read from ticks of the kernel's clock, which drifts by some milliseconds from one reading to the next.
            var isSame = Math.Abs(process.StartTime.ToUniversalTime().Ticks - started) < TimeSpan.TicksPerSecond * 2;
            if (isSame)
            {
                return process;
            }

            process.Dispose();
        }
        catch (ArgumentException)
        {
            // No process has the id.
        }

        return null;
    }

    private static string PathIn(string folder) => Path.Combine(folder, "azurite.pid");
}
