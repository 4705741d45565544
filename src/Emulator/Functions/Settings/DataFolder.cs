namespace Chard.Emulator.Functions.Settings;

/// <summary>Where a local run keeps what has to outlive it: <c>.chard</c> in the project's root.</summary>
internal static class DataFolder
{
    public const string Name = ".chard";

    /// <summary>Overrides the place; a relative path is taken from the current folder.</summary>
    public const string Setting = "CHARD_DATA";

    /// <summary>
    /// The nearest folder above the binaries that holds a host.json and is not the binaries' own: the project's root, whatever the build's configuration.
    /// </summary>
    public static string Default(string binaries)
    {
        for (var folder = new DirectoryInfo(binaries).Parent; folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "host.json")))
            {
                return Path.Combine(folder.FullName, Name);
            }
        }

        return Path.Combine(binaries, Name);
    }
}
