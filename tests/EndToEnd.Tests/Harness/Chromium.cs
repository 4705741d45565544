namespace Chard.EndToEnd.Tests.Harness;

/// <summary>Where the browser is.</summary>
internal static class Chromium
{
    public const string Missing = "Chromium is not on this machine. Install it with: apt-get install -y chromium fonts-dejavu-core";

    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    /// <summary>The program; null if there is none.</summary>
    public static string? Program { get; } = Array.Find(Places, File.Exists);
}

/// <summary>
/// A theory that needs a browser. Without one it is left out and says why; where the environment says CI it fails instead.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ChromiumTheoryAttribute : TheoryAttribute
{
    public ChromiumTheoryAttribute()
    {
        bool mustRun = Environment.GetEnvironmentVariable("CI") is { Length: > 0 } ci
            && !ci.Equals("false", StringComparison.OrdinalIgnoreCase);
        if (Chromium.Program is null && !mustRun)
        {
            Skip = Chromium.Missing;
        }
    }
}

/// <summary>A fact that needs a browser, by the rules of <see cref="ChromiumTheoryAttribute"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ChromiumFactAttribute : FactAttribute
{
    public ChromiumFactAttribute() => Skip = new ChromiumTheoryAttribute().Skip;
}
