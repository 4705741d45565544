namespace Chard.LocalHost.Tests;

/// <summary>Changes to options, one after the other.</summary>
internal static class OptionsExtensions
{
    /// <summary>Instead of what host.json says.</summary>
    public static FunctionsHostOptions Json(this FunctionsHostOptions options, string key, string value)
    {
        options.HostJson[key] = value;
        return options;
    }

    public static FunctionsHostOptions Setting(this FunctionsHostOptions options, string key, string? value)
    {
        options.Settings[key] = value;
        return options;
    }
}
