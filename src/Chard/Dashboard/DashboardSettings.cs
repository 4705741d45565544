using Microsoft.Extensions.Configuration;

namespace Chard.Dashboard;

/// <summary>
/// How the page shows what it may, settings <c>Chard:Dashboard</c>. They keep nobody from calling the API, which asks for roles: a wrong
/// one stops the start with a sentence that names the key.
/// </summary>
public sealed class DashboardSettings
{
    /// <summary>The section.</summary>
    public const string Section = "Chard:Dashboard";

    /// <summary>Most names in <see cref="Mask"/>.</summary>
    public const int MostNames = 100;

    /// <summary>Reads and checks them.</summary>
    /// <exception cref="InvalidOperationException">They cannot be.</exception>
    public DashboardSettings(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        IConfigurationSection section = configuration.GetSection(Section);
        IsEnabled = Flag(section, "Enabled", true);
        IsReadOnly = Flag(section, "ReadOnly", false);
        Mask = [.. (section["Mask"] ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Distinct(StringComparer.OrdinalIgnoreCase)];
        if (Mask.Count > MostNames)
        {
            throw new InvalidOperationException($"{Section}:Mask has {Mask.Count} names; it may have {MostNames}, parted by commas.");
        }
    }

    /// <summary>False where there is to be no page.</summary>
    public bool IsEnabled { get; }

    /// <summary>True if the page offers nothing that changes anything.</summary>
    public bool IsReadOnly { get; }

    /// <summary>Names of JSON members whose values the page hides until somebody asks to see them.</summary>
    public IReadOnlyList<string> Mask { get; }

    private static bool Flag(IConfigurationSection section, string name, bool otherwise) => section[name] switch
    {
        null or "" => otherwise,
        var text when bool.TryParse(text, out bool flag) => flag,
        var text => throw new InvalidOperationException($"{Section}:{name} is '{text}'; it must be true or false."),
    };
}
