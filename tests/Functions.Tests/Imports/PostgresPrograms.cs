namespace Chard.Functions.Tests.Imports;

/// <summary>Where PostgreSQL's programs are.</summary>
internal static class PostgresPrograms
{
    public const string Missing = "PostgreSQL's programs are not on this machine. Install them with: apt-get install -y postgresql";

    /// <summary>The folder with initdb and postgres, the newest there is; null if there is none.</summary>
    public static string? Folder { get; } = Directory.Exists("/usr/lib/postgresql")
        ? Directory.EnumerateDirectories("/usr/lib/postgresql")
            .Select(d => Path.Combine(d, "bin")).Where(d => File.Exists(Path.Combine(d, "initdb"))).OrderDescending().FirstOrDefault()
        : null;
}

/// <summary>
/// A theory that needs PostgreSQL. Without its programs it is left out and says why; where the environment says CI it fails instead.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostgresTheoryAttribute : TheoryAttribute
{
    public PostgresTheoryAttribute()
    {
        var mustRun = Environment.GetEnvironmentVariable("CI") is { Length: > 0 } ci
            && !ci.Equals("false", StringComparison.OrdinalIgnoreCase);
        if (PostgresPrograms.Folder is null && !mustRun)
        {
            Skip = PostgresPrograms.Missing;
        }
    }
}
